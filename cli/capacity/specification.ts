import { amount, RESOURCE_KEYS } from "../../regions/admission";
import { type Bound, hostFor, howMany, roomFor } from "../../regions/capacity";
import { REGION_LIMITS } from "../../regions/defaults";
import type { RegionResources } from "../../regions/model";
import { SPECIFICATION } from "../../regions/specification";
import type { HostCapacity } from "./report";

const NOTHING = { cpuMillis: 0, memoryBytes: 0, diskBytes: 0 };

/** What holds the number of regions down, as a word. */
export function boundName(bound: Bound): string {
  return bound === "slots" ? bound : RESOURCE_KEYS[bound] === "cpu" ? "CPU" : RESOURCE_KEYS[bound];
}

/** `2 CPUs, 3GB, 20GB`. */
export function sizeName({ cpuMillis, memoryBytes, diskBytes }: RegionResources): string {
  return [
    amount("cpuMillis", cpuMillis),
    amount("memoryBytes", memoryBytes),
    amount("diskBytes", diskBytes),
  ].join(", ");
}

/** Hosts of one kind that so many regions need, the Nexus on the first; undefined when a region fits on none. */
export function hostsFor(
  count: number,
  size: RegionResources,
  capacity: HostCapacity,
): { hosts: number; first: number; further: number } | undefined {
  const first = Math.min(count, howMany(capacity.room, size, 0).count);
  const further = howMany(roomFor(capacity.size, capacity.rules, NOTHING), size, 0).count;
  if (first === count) return { hosts: 1, first, further };
  return further === 0 ? undefined : { hosts: 1 + Math.ceil((count - first) / further), first, further };
}

/**
 * The specification's own numbers, and what becomes of them on this host: one paragraph a claim.
 * Every figure is computed from the host, the settings and `SPECIFICATION`.
 */
export function explainSpecification(capacity: HostCapacity): string[] {
  return [
    availableText(capacity),
    ...SPECIFICATION.plans.map((plan) => planText(plan, capacity)),
    ...SPECIFICATION.plans.map(({ size }) => goalText(size, capacity)),
    evenShareText(capacity),
  ];
}

function availableText({ room }: HostCapacity): string {
  const { host, coreServices, forRegions } = SPECIFICATION;
  const left = {
    cpuMillis: host.cpuMillis - coreServices.cpuMillis,
    memoryBytes: host.memoryBytes - coreServices.memoryBytes,
  };
  return (
    `It counts ${pair(forRegions)} for regions. Its own limits for the core services add up to ${pair(coreServices)}, ` +
    `which leaves ${pair(left)} of its ${pair(host)}, without a reserve for the system. Here ${pair(room)} are left.`
  );
}

function planText({ size, from, to }: (typeof SPECIFICATION.plans)[number], capacity: HostCapacity): string {
  const { cpuMillis, memoryBytes } = SPECIFICATION.forRegions;
  const byMemory = Math.floor(memoryBytes / size.memoryBytes);
  const byCpu = Math.floor(cpuMillis / size.cpuMillis);
  const wanted = to * size.memoryBytes;
  const here = howMany(capacity.room, size, 0);
  return (
    `${from} to ${to} regions of ${pair(size)}: its ${amount("memoryBytes", memoryBytes)} hold ${byMemory}, its ${amount("cpuMillis", cpuMillis)} ${byCpu}; ` +
    `${to} would take ${amount("memoryBytes", wanted)}, ${amount("memoryBytes", wanted - memoryBytes)} more than that. Here: ${here.count}, bounded by ${boundName(here.bound)}.`
  );
}

function goalText(size: RegionResources, capacity: HostCapacity): string {
  const { goal } = SPECIFICATION;
  const need = hostFor(goal, size, { ...capacity.rules, cpuOvercommit: 1 }, capacity.nexus);
  const split = hostsFor(goal, size, capacity);
  const several = split
    ? `, or ${split.hosts} hosts like this one: ${split.first} on the first, ${split.further} on each other, where no Nexus is`
    : "";
  return `${goal} regions of ${sizeName(size)} need one host of ${sizeName(need)}${several}.`;
}

function evenShareText({ room }: HostCapacity): string {
  const { goal } = SPECIFICATION;
  const share = Math.max(0, room.memoryBytes) / goal;
  const least = REGION_LIMITS.memory.min;
  const verdict =
    share < least
      ? `the smallest region takes ${amount("memoryBytes", least)}. Overcommitting CPU does not help, and memory is never promised twice.`
      : "which is enough for the smallest region.";
  return `${goal} regions on this host would get ${amount("memoryBytes", share, Math.floor)} each; ${verdict}`;
}

function pair({ cpuMillis, memoryBytes }: { cpuMillis: number; memoryBytes: number }): string {
  return `${amount("cpuMillis", cpuMillis)} and ${amount("memoryBytes", memoryBytes)}`;
}
