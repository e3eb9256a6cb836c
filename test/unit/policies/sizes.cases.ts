import { cpuLimit } from "../../../policies/cpuLimit";
import { hostSum } from "../../../policies/hostSum";
import { NEXUS_STACK, REGION } from "../../../policies/kit/resources";
import { memoryLimit } from "../../../policies/memoryLimit";
import { regionSize } from "../../../policies/regionSize";
import { regionSum } from "../../../policies/regionSum";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, type Resource, UNKNOWN } from "./harness";

const MIB = 2 ** 20;

/** The size is exactly what two containers of the harness have. */
export function region(changes: Props = {}): Resource {
  return {
    type: REGION,
    name: "region-aurora",
    props: {
      name: "aurora",
      slot: 1,
      cpuMillis: 1000,
      memoryBytes: 2_000_000_000,
      diskBytes: 10_000_000_000,
      players: 100,
      subnet: "172.22.1.0/24",
      ...changes,
    },
  };
}

const worker = (changes: Props = {}) =>
  container({ labels: labels("aurora", "worker"), ...changes }, "region-aurora-worker");
const central = (changes: Props) =>
  container({ labels: labels("central-nexus", "server"), ...changes }, "central-nexus-server");
const keeper = (changes: Props) =>
  container({ labels: labels("central-nexus", "disk"), ...changes }, "disk-keeper");
const nexus = (changes: Props = {}): Resource => ({
  type: NEXUS_STACK,
  name: "nexus",
  props: { diskBytes: 120_000_000_000, ...changes },
});
/** The specification's. */
const HOST = { cpuMillis: 64_000, memoryBytes: 64_000_000_000, diskBytes: 500_000_000_000 };
const memory = (mib: number) => ({ memory: mib, memorySwap: mib });

export const sizes: PolicyCases[] = [
  {
    policy: regionSize,
    compliant: { "an ordinary region": [region()], "another type of resource": [container({ memory: 0 })] },
    broken: {
      "no size at all": [[region({ cpuMillis: undefined })], /cpuMillis is not given/],
      "half a byte": [[region({ diskBytes: 10_000_000_000.5 })], /diskBytes is not given/],
      "a text": [[region({ players: "100" })], /players is not given/],
      "not a number": [[region({ memoryBytes: Number.NaN })], /memoryBytes is not given/],
    },
    boundary: {
      "1 CPU": [[region({ cpuMillis: 1000 })], "passes"],
      "less than 1 CPU": [[region({ cpuMillis: 999 })], /cpuMillis is 999; allowed is 1000 to 8000/],
      "8 CPU": [[region({ cpuMillis: 8000 })], "passes"],
      "more than 8 CPU": [[region({ cpuMillis: 8001 })], /8001/],
      "16 GB": [[region({ memoryBytes: 16_000_000_000 })], "passes"],
      "more than 16 GB": [[region({ memoryBytes: 16_000_000_001 })], /memoryBytes/],
      "less than 2 GB": [[region({ memoryBytes: 1_999_999_999 })], /memoryBytes/],
      "more than 100 GB of disk": [[region({ diskBytes: 100_000_000_001 })], /diskBytes/],
      "less than 10 GB of disk": [[region({ diskBytes: 9_999_999_999 })], /diskBytes/],
      "9 players": [[region({ players: 9 })], /players/],
      "1001 players": [[region({ players: 1001 })], /players/],
    },
    unknown: { "the memory": [[region({ memoryBytes: UNKNOWN })], "policy", /does not know memoryBytes/] },
    configured: {
      "a larger maximum": [[region({ cpuMillis: 9000 })], { maxCpuMillis: 9000 }, "passes"],
      "a smaller maximum": [[region({ cpuMillis: 2000 })], { maxCpuMillis: 1999 }, /allowed is 1000 to 1999/],
    },
  },
  {
    policy: memoryLimit,
    compliant: { "a limit": [container()] },
    broken: {
      "no limit": [[container({ memory: undefined, memorySwap: undefined })], /memory is not set/],
      "swap left out": [[container({ memorySwap: undefined })], /memorySwap is not the same/],
      "unlimited swap": [[container({ memorySwap: -1 })], /memorySwap/],
    },
    boundary: {
      "Docker's smallest": [[container(memory(6))], "passes"],
      "below Docker's smallest": [[container(memory(5))], /6 MiB or more/],
      "swap above memory by one": [[container({ memorySwap: 513 })], /memorySwap/],
    },
    unknown: {
      "the memory": [[container({ memory: UNKNOWN })], "policy", /does not know memory/],
      "the swap": [[container({ memorySwap: UNKNOWN })], "policy", /does not know memorySwap/],
    },
    configured: { "a higher least": [[container(memory(32))], { minMiB: 64 }, /64 MiB/] },
  },
  {
    policy: cpuLimit,
    compliant: { "a quota": [container()], "cpus as the provider reads it back": [container({ cpus: "" })] },
    broken: {
      cpus: [[container({ cpus: "0.5" })], /cpus is set/],
      "no period": [[container({ cpuPeriod: undefined })], /cpuPeriod is not 100000/],
      "no quota": [[container({ cpuQuota: undefined })], /cpuQuota is not set/],
    },
    boundary: {
      "1 ms": [[container({ cpuQuota: 1000 })], "passes"],
      "less than 1 ms": [[container({ cpuQuota: 999 })], /1000 or more/],
      "zero, which means no limit": [[container({ cpuQuota: 0 })], /1000 or more/],
      "minus one, which means no limit": [[container({ cpuQuota: -1 })], /1000 or more/],
    },
    unknown: { "the quota": [[container({ cpuQuota: UNKNOWN })], "policy", /does not know cpuQuota/] },
  },
  {
    policy: regionSum,
    compliant: {
      "two containers in a region": [region(), container(), worker()],
      "the Nexus, which is no region": [central({ memory: 900_000 })],
    },
    broken: {
      "too much CPU": [
        [region(), container({ cpuQuota: 80_000 }), worker()],
        /1300 thousandths of a CPU, it has 1000/,
      ],
      "too much memory": [
        [region(), container({ memory: 1500 }), worker()],
        /bytes of memory, it has 2000000000/,
      ],
      "a region that is not declared": [[container()], /region aurora, which is not declared/],
      "a container of nobody": [[container({ labels: [] })], /belongs to no region/],
      "a region without a size": [[region({ cpuMillis: undefined }), container()], /it has none/],
      "a region without memory": [[region({ memoryBytes: undefined }), container()], /it has none/],
      "a region without containers": [[region()], /no container is labelled for it/],
    },
    boundary: {
      "exactly the region": [[region({ memoryBytes: 1024 * MIB }), container(), worker()], "passes"],
      "one byte less": [[region({ memoryBytes: 1024 * MIB - 1 }), container(), worker()], /memory/],
      "one thousandth of a CPU less": [[region({ cpuMillis: 999 }), container(), worker()], /CPU/],
    },
    unknown: {
      "a limit": [[region(), container({ memory: UNKNOWN })], "policy", /does not know memory/],
      "the region's size": [
        [region({ cpuMillis: UNKNOWN }), container()],
        "policy",
        /does not know cpuMillis/,
      ],
      "whose it is": [
        [region(), container(), worker({ labels: [{ label: "io.sectorwars.region", value: UNKNOWN }] })],
        "policy",
        /does not know labels.0.value/,
      ],
    },
  },
  {
    policy: hostSum,
    config: HOST,
    compliant: {
      "a region and the Nexus": [region(), container(), nexus(), central({})],
      "the keeper, which lives on the reserve": [nexus(), central({ cpuQuota: 6_300_000 }), keeper({})],
      nothing: [],
    },
    broken: {
      "a Nexus that is too large by itself": [
        [nexus(), central({ cpuQuota: 6_400_000 })],
        /cpuMillis: the regions have 0, and the host has -1000 for them/,
      ],
      "no region's CPU": [[region({ cpuMillis: undefined })], /cpuMillis is not given as a whole number/],
      "no region's disk": [[region({ diskBytes: undefined })], /diskBytes is not given as a whole number/],
      "a Nexus that says nothing of its disk": [[nexus({ diskBytes: undefined })], /diskBytes is not given/],
      "a Nexus without a component": [[central({})], /nothing says what disk/],
      "a keeper that is larger than the reserve": [
        [nexus(), central({ cpuQuota: 6_300_000 }), keeper({ cpuQuota: 200_000 })],
        /-1000 for them/,
      ],
    },
    boundary: {
      // 64 CPU less 1 of reserve, 64 GB less 1, 500 GB less 20 and the Nexus' 120.
      "all CPU": [[nexus(), central({ cpuQuota: 6_200_000 }), region()], "passes"],
      "a thousandth more": [[nexus(), central({ cpuQuota: 6_200_100 }), region()], /have 1000, .* has 999/],
      "all memory": [[region({ memoryBytes: 63_000_000_000 })], "passes"],
      "a byte more of memory": [[region({ memoryBytes: 63_000_000_001 })], /memoryBytes: .* 63000000001/],
      "all disk": [[nexus(), region({ diskBytes: 360_000_000_000 })], "passes"],
      "a byte more of disk": [
        [nexus(), region({ diskBytes: 360_000_000_001 })],
        /diskBytes: .* 360000000001/,
      ],
    },
    unknown: {
      "a quota": [[nexus(), central({ cpuQuota: UNKNOWN })], "policy", /does not know cpuQuota/],
      "a region's disk": [[region({ diskBytes: UNKNOWN })], "policy", /does not know diskBytes/],
      "the Nexus' disk": [[nexus({ diskBytes: UNKNOWN })], "policy", /know diskBytes/],
    },
    configured: {
      "overcommitted CPU": [[region({ cpuMillis: 126_000 })], { cpuOvercommit: 2 }, "passes"],
      "more than that": [[region({ cpuMillis: 126_001 })], { cpuOvercommit: 2 }, /has 126000/],
      "a smaller host": [[region()], { memoryBytes: 2_000_000_000 }, /has 1000000000 for them/],
      "memory is never overcommitted": [
        [region({ memoryBytes: 64_000_000_000 })],
        { cpuOvercommit: 2 },
        /memoryBytes/,
      ],
      "a larger reserve": [[region()], { reserveDiskBytes: 495_000_000_000 }, /has 5000000000 for them/],
    },
  },
];
