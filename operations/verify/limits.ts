import type { DesiredContainer } from "../../catalog/desired";
import type { ContainerLimits } from "../../config/tuning";
import { formatCpu, formatSize } from "../../config/units";
import type { ReadLimits } from "./cgroup";
import type { ObservedContainer } from "./observed";

/** A limit that is not what the files say. */
export interface LimitDifference {
  what: "CPU" | "memory" | "swap" | "pids";
  declared: string;
  enforced: string;
}

type Read = (limits: ReadLimits) => number | null | undefined;
type Show = (value: number) => string;

const LIMITS: {
  what: LimitDifference["what"];
  of: (limits: ContainerLimits) => number;
  read: Read;
  show: Show;
}[] = [
  { what: "CPU", of: ({ cpuMillis }) => cpuMillis, read: ({ cpuMillis }) => cpuMillis, show: formatCpu },
  {
    what: "memory",
    of: ({ memoryBytes }) => memoryBytes,
    read: ({ memoryBytes }) => memoryBytes,
    show: formatSize,
  },
  // memory == memorySwap: nothing may go to the swap.
  {
    what: "swap",
    of: () => 0,
    read: ({ swapBytes }) => swapBytes,
    show: (bytes) => (bytes === 0 ? "none" : formatSize(bytes)),
  },
  { what: "pids", of: ({ pids }) => pids, read: ({ pids }) => pids, show: String },
];

/**
 * Compares a container's limits with what is enforced now and with what the Engine will set at its next start. What
 * nobody tells is no difference.
 */
export function limitDifferences(
  { limits }: Pick<DesiredContainer, "limits">,
  { enforced, configured }: Pick<ObservedContainer, "enforced" | "configured">,
): LimitDifference[] {
  return LIMITS.flatMap(({ what, of, read, show }) => {
    const declared = of(limits);
    const shown = (value: number | null): string => (value === null ? "no limit" : show(value));
    const now = enforced && read(enforced.limits);
    if (now !== undefined && now !== declared) {
      return [{ what, declared: show(declared), enforced: shown(now) }];
    }
    const next = read(configured);
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
