import { SLOTS } from "./addresses";
import type { RegionResources } from "./model";

/** What a host is counted in. */
export const RESOURCES = ["cpuMillis", "memoryBytes", "diskBytes"] as const;
export type Resource = (typeof RESOURCES)[number];

/** An amount of each resource; one that was not measured is absent and not judged. */
export type Amounts = Pick<RegionResources, "cpuMillis" | "memoryBytes"> & { diskBytes?: number };

/** How much of a host may be promised (`nexus:admission`). */
export interface AdmissionRules {
  /**
   * Limits on CPU may add up to this many times the CPUs that are there; 1 = never more. There is no such factor for
   * memory and disk: a CPU that is short makes all slower, memory that is short kills, disk that is short loses data.
   */
  cpuOvercommit: number;
  /** What the operating system, the Docker Engine and everything else on the host keep for themselves. */
  reserve: RegionResources;
}

/** What another stack on the same host was promised. Its disk is not known. */
export interface OtherStack {
  /** What messages call it. */
  name: string;
  cpuMillis: number;
  memoryBytes: number;
}

/** A region as far as admission looks at it. */
export interface Sized {
  slot: number;
  resources: RegionResources;
}

/** By how much the regions want more than there is, one entry a resource that is short. */
export interface Shortage {
  resource: Resource;
  wanted: number;
  /** What the host can promise to regions; negative when even the Nexus does not fit. */
  room: number;
}

/** Both lists are empty where everything fits. */
export interface Admission<T> {
  shortages: Shortage[];
  /**
   * The fewest regions, counted from the highest slot down, without which the rest fits; all of them when not even the
   * Nexus does. In order of their slots.
   */
  last: T[];
}

/**
 * What a host can promise to regions: its size less the reserve, CPU times the overcommit, less the Central Nexus and
 * the other stacks. Negative where those alone are too large.
 */
export function roomFor(
  host: Amounts,
  rules: AdmissionRules,
  nexus: RegionResources,
  others: readonly OtherStack[] = [],
): Amounts {
  const { cpuOvercommit, reserve } = rules;
  // Hundredths, so that 1.15 times 1000 is 1150.
  const hundredths = Math.round(cpuOvercommit * 100);
  const cpu = Math.floor(((host.cpuMillis - reserve.cpuMillis) * hundredths) / 100);
  return {
    cpuMillis: cpu - nexus.cpuMillis - total(others, "cpuMillis"),
    memoryBytes: host.memoryBytes - reserve.memoryBytes - nexus.memoryBytes - total(others, "memoryBytes"),
    ...(host.diskBytes !== undefined && {
      diskBytes: host.diskBytes - reserve.diskBytes - nexus.diskBytes,
    }),
  };
}

/** What other stacks were promised of one resource. */
export function total(others: readonly OtherStack[], resource: Resource): number {
  return resource === "diskBytes" ? 0 : others.reduce((sum, other) => sum + other[resource], 0);
}

/**
 * Do all regions fit at their full size? What they were sold is compared, not what they use: whatever they do at the
 * same time, the host must hold it.
 *
 * "Last" is the highest slot. A slot is written into the region's file once and never changes, so everybody who has
 * the files gets the same answer, without a state, in whatever order the files are read.
 */
export function admit<T extends Sized>(room: Amounts, regions: readonly T[]): Admission<T> {
  const bySlot = [...regions].sort((a, b) => a.slot - b.slot);
  let kept = bySlot.length;
  while (kept > 0 && shortagesOf(room, sumOf(bySlot.slice(0, kept))).length > 0) kept -= 1;
  return { shortages: shortagesOf(room, sumOf(bySlot)), last: bySlot.slice(kept) };
}

/** The regions' sizes added up. */
export function sumOf(regions: readonly Pick<Sized, "resources">[]): RegionResources {
  const sum = { cpuMillis: 0, memoryBytes: 0, diskBytes: 0 };
  for (const { resources } of regions) for (const key of RESOURCES) sum[key] += resources[key];
  return sum;
}

/** What is left of a room; negative where more was taken than there is. */
export function minus(room: Amounts, taken: RegionResources): Amounts {
  return {
    cpuMillis: room.cpuMillis - taken.cpuMillis,
    memoryBytes: room.memoryBytes - taken.memoryBytes,
    ...(room.diskBytes !== undefined && { diskBytes: room.diskBytes - taken.diskBytes }),
  };
}

export type Bound = Resource | "slots";

/** How many regions of one size fit, by each of what bounds them; a resource that was not measured is absent. */
export interface Fit {
  count: number;
  /** What is used up first; the first of several in the order CPU, memory, disk, slots. */
  bound: Bound;
  by: Partial<Record<Bound, number>> & { slots: number };
}

/** @param slotsTaken regions that have a slot already */
export function howMany(room: Amounts, size: RegionResources, slotsTaken: number): Fit {
  const by: Fit["by"] = { slots: Math.max(0, SLOTS.max - SLOTS.min + 1 - slotsTaken) };
  let least: { bound: Bound; count: number } = { bound: "slots", count: by.slots };
  for (const resource of [...RESOURCES].reverse()) {
    const left = room[resource];
    if (left === undefined) continue;
    const count = Math.max(0, Math.floor(left / size[resource]));
    by[resource] = count;
    if (count <= least.count) least = { bound: resource, count };
  }
  return { ...least, by };
}

function shortagesOf(room: Amounts, wanted: RegionResources): Shortage[] {
  return RESOURCES.flatMap((resource) => {
    const there = room[resource];
    if (there === undefined || wanted[resource] <= there) return [];
    return [{ resource, wanted: wanted[resource], room: there }];
  });
}
