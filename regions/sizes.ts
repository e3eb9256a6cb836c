import { REGION_DEFAULTS, REGION_LIMITS } from "./defaults";
import type { RegionResources } from "./model";
import { SPECIFICATION } from "./specification";

/** Sizes to count with where nobody names one: the smallest, the specification's two, the default and the largest. */
export function usualSizes(): RegionResources[] {
  const { cpu, memory, disk } = REGION_LIMITS;
  const [larger, smaller] = SPECIFICATION.plans;
  return [
    { cpuMillis: cpu.min, memoryBytes: memory.min, diskBytes: disk.min },
    smaller.size,
    REGION_DEFAULTS.resources,
    larger.size,
    { cpuMillis: cpu.max, memoryBytes: memory.max, diskBytes: disk.max },
  ];
}
