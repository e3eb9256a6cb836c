import { GB } from "../config/units";
import { REGION_DEFAULTS, REGION_LIMITS } from "./defaults";
import type { RegionResources } from "./model";

/** Sizes to count with where nobody names one: the smallest, the specification's two, the default and the largest. */
export function usualSizes(): RegionResources[] {
  const { cpu, memory, disk } = REGION_LIMITS;
  const { resources } = REGION_DEFAULTS;
  const { diskBytes } = resources;
  return [
    { cpuMillis: cpu.min, memoryBytes: memory.min, diskBytes: disk.min },
    { cpuMillis: 2000, memoryBytes: 3 * GB, diskBytes },
    resources,
    { cpuMillis: 4000, memoryBytes: 6 * GB, diskBytes },
    { cpuMillis: cpu.max, memoryBytes: memory.max, diskBytes: disk.max },
  ];
}
