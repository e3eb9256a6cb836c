import type { DesiredContainer } from "../../catalog/desired";
import type { ContainerLimits } from "../../config/tuning";
import { formatCpu, formatSize } from "../../config/units";
import type { ObservedContainer } from "./observed";

/** A limit that is not what the files say. */
export interface LimitDifference {
  what: "CPU" | "memory" | "swap" | "pids";
  declared: string;
  enforced: string;
}

const LIMITS = [
  { what: "CPU", key: "cpuMillis", show: formatCpu },
  { what: "memory", key: "memoryBytes", show: formatSize },
  { what: "swap", key: "swapBytes", show: (bytes: number) => (bytes === 0 ? "none" : formatSize(bytes)) },
  { what: "pids", key: "pids", show: String },
] as const;

/**
 * Compares a container's limits with what is enforced now and with what the Engine will set at its next start. What
 * nobody tells is no difference.
 */
export function limitDifferences(
  { limits }: Pick<DesiredContainer, "limits">,
  { enforced, configured }: Pick<ObservedContainer, "enforced" | "configured">,
): LimitDifference[] {
  // memory == memorySwap: nothing may go to the swap.
  const all = { ...limits, swapBytes: 0 };
  return LIMITS.flatMap(({ what, key, show }) => {
    const declared = all[key];
    const shown = (value: number | null): string => (value === null ? "no limit" : show(value));
    const now = enforced?.limits[key];
    if (now !== undefined && now !== declared) {
      return [{ what, declared: show(declared), enforced: shown(now) }];
    }
    const next = configured[key];
    // A kernel that does not count swap makes the Engine forget that limit.
    const isUntold = enforced !== undefined && now === undefined;
    if (isUntold || next === undefined || next === declared) return [];
    return [{ what, declared: show(declared), enforced: `${shown(next)} from its next start on` }];
  });
}

/** A container whose limits can be put right while it runs. */
export interface LimitRepair {
  id: string;
  name: string;
  limits: ContainerLimits;
  differences: LimitDifference[];
}

/** The containers whose limits somebody changed, or that never got them all. Pure: decides, changes nothing. */
export function planLimits(desired: DesiredContainer[], observed: ObservedContainer[]): LimitRepair[] {
  const found = new Map(observed.map((container) => [container.name, container]));
  return desired.flatMap((container) => {
    const own = found.get(container.name);
    const differences = own ? limitDifferences(container, own) : [];
    return own && differences.length > 0
      ? [{ id: own.id, name: own.name, limits: container.limits, differences }]
      : [];
  });
}
