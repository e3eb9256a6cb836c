import { GB } from "../config/units";
import { REGION_DEFAULTS } from "./defaults";
import type { RegionResources } from "./model";

/**
 * What the platform's specification says about capacity and money. `capacity` and `cost` compare a stack with it and
 * say where it does not add up; nothing else follows from these figures.
 */
export const SPECIFICATION = {
  host: { cpuMillis: 64_000, memoryBytes: 64 * GB },
  /** Its limits of Nexus server, Nexus database, Redis and gateway, added up. */
  coreServices: { cpuMillis: 18_000, memoryBytes: 33 * GB },
  /** What it says is left for regions. */
  forRegions: { cpuMillis: 40_000, memoryBytes: 32 * GB },
  /** "5-6 active regions" and "10-12 active regions"; it names no disk for them, so they have the default. */
  plans: [
    { size: sizeOf(4, 6), from: 5, to: 6 },
    { size: sizeOf(2, 3), from: 10, to: 12 },
  ],
  /** "Phase 1: 50 regions (current architecture)". */
  goal: 50,
  /** Of a month, in dollars. */
  money: { base: 200, regionFrom: 5, regionTo: 15, subscription: 25, citizen: 5, breakEven: 15 },
} as const;

function sizeOf(cpus: number, gigabytes: number): RegionResources {
  const { diskBytes } = REGION_DEFAULTS.resources;
  return { cpuMillis: cpus * 1000, memoryBytes: gigabytes * GB, diskBytes };
}
