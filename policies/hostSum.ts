import { DISK_ROLE } from "../catalog/keeper";
import { admit, RESOURCES, roomFor, type Sized } from "../regions/capacity";
import { type Judged, stackPolicy } from "./kit/define";
import {
  CONTAINER,
  type ContainerProps,
  cpuMillis,
  memoryBytes,
  NEXUS,
  NEXUS_STACK,
  ownerOf,
  REGION,
  type RegionProps,
} from "./kit/resources";
import { integer } from "./kit/schema";
import type { Part } from "./kit/unknown";

/**
 * The last line behind admission (`nexus capacity`), with its arithmetic and a host that is reviewed with the policies.
 * Regions count with what they were sold, to which `region-sum` holds their containers; the Nexus with what its
 * containers really get.
 */
export const hostSum = stackPolicy({
  name: "host-sum",
  description: "All regions and the Nexus together fit what the host is declared to have beside its reserve.",
  // The host, and how much of it may be promised: `nexus:host` and `nexus:admission`, written and reviewed here.
  config: {
    // Not declared. No figure would be true of every host, and one that is too large would pass anything.
    cpuMillis: integer(0, 0),
    memoryBytes: integer(0, 0),
    diskBytes: integer(0, 0),
    // For CPU only: a container short of memory or disk fails instead of being slow.
    cpuOvercommit: { type: "number", minimum: 1, default: 1 },
    reserveCpuMillis: integer(1000, 0),
    reserveMemoryBytes: integer(1_000_000_000, 0),
    reserveDiskBytes: integer(20_000_000_000, 0),
  },
  check({ all, config, part, report, note }) {
    const undeclared = RESOURCES.filter((key) => config[key] === 0);
    if (undeclared.length > 0) {
      note(
        `not judged: the configuration of this stack gives no ${undeclared.join(", ")} of its host. ` +
          "Admission measures the host before `up`",
      );
      return;
    }
    const { nexus, keeper } = centralLimits(all(CONTAINER), part);
    const components = all(NEXUS_STACK);
    if (nexus.cpuMillis > 0 && components.length === 0) report("nothing says what disk the Nexus takes");
    for (const { urn, props } of components) {
      part(() => {
        if (!Number.isInteger(props.diskBytes)) report("diskBytes is not given as a whole number", urn);
        nexus.diskBytes += props.diskBytes ?? 0;
      }, urn);
    }
    const regions = sold(all(REGION), part, report);

    // A keeper that is larger than the reserve counts with all of it.
    const reserve = {
      cpuMillis: Math.max(config.reserveCpuMillis, keeper.cpuMillis),
      memoryBytes: Math.max(config.reserveMemoryBytes, keeper.memoryBytes),
      diskBytes: config.reserveDiskBytes,
    };
    const rules = { cpuOvercommit: config.cpuOvercommit, reserve };
    const { shortages } = admit(roomFor(config, rules, nexus), regions);
    for (const { resource, wanted, room } of shortages)
      report(`${resource}: the regions have ${wanted}, and the host has ${room} for them`);
  },
});

/** Limits of the Nexus' containers. The disk keeper lives on the host's reserve, as in admission. */
function centralLimits(containers: Judged<ContainerProps>[], part: Part) {
  const nexus = { cpuMillis: 0, memoryBytes: 0, diskBytes: 0 };
  const keeper = { ...nexus };
  for (const { urn, props } of containers) {
    part(() => {
      const { region, role } = ownerOf(props);
      if (region !== NEXUS) return;
      const sum = role === DISK_ROLE ? keeper : nexus;
      sum.cpuMillis += cpuMillis(props);
      sum.memoryBytes += memoryBytes(props);
    }, urn);
  }
  return { nexus, keeper };
}

function sold(
  regions: Judged<RegionProps>[],
  part: Part,
  report: (message: string, urn: string) => void,
): Sized[] {
  const all: Sized[] = [];
  for (const { urn, props } of regions) {
    part(() => {
      for (const key of RESOURCES)
        if (!Number.isInteger(props[key])) report(`${key} is not given as a whole number`, urn);
      const { slot = 0, cpuMillis = 0, memoryBytes = 0, diskBytes = 0 } = props;
      all.push({ slot, resources: { cpuMillis, memoryBytes, diskBytes } });
    }, urn);
  }
  return all;
}
