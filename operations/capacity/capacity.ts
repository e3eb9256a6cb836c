import { nexusResources } from "../../catalog/nexusBudget";
import type { Platform } from "../../platform";
import {
  type AdmissionRules,
  type Amounts,
  type Fit,
  howMany,
  minus,
  type OtherStack,
  roomFor,
  sumOf,
} from "../../regions/capacity";
import type { RegionResources } from "../../regions/model";
import { countedStacks } from "../deploy/preflight/admission";
import type { HostSize } from "../deploy/preflight/hostSize";

/** A host to count on: as the stack's settings declare it, or as its Docker Engine reports it. */
export interface CountedHost {
  source: "declared" | "measured";
  size: HostSize;
}

/** What fits on one host. The sums lead from the host to what is left: host, reserve, overcommit, Nexus, other stacks, regions. */
export interface HostCapacity extends CountedHost {
  rules: AdmissionRules;
  nexus: RegionResources;
  /** Other stacks whose promises count. */
  others: readonly OtherStack[];
  /** For regions, if there were none. */
  room: Amounts;
  regions: { count: number; sum: RegionResources };
  /** Beside the regions that there are; negative where they are too much. */
  left: Amounts;
  sizes: SizeFit[];
}

/** How many regions of one size fit. */
export interface SizeFit {
  size: RegionResources;
  /** Beside the regions that there are. */
  more: Fit;
  /** On the host without any region. */
  inAll: Fit;
}

/** Counts what fits. Pure. */
export function hostCapacity(
  { settings, regions }: Pick<Platform, "settings" | "regions">,
  host: CountedHost,
  sizes: RegionResources[],
): HostCapacity {
  const rules = settings.admission;
  const nexus = nexusResources(settings.profile, settings.disk);
  const others = host.source === "measured" ? countedStacks(settings, host.size) : [];
  const room = roomFor(host.size, rules, nexus, others);
  const sum = sumOf(regions);
  const left = minus(room, sum);
  return {
    ...host,
    rules,
    nexus,
    others,
    room,
    regions: { count: regions.length, sum },
    left,
    sizes: sizes.map((size) => ({
      size,
      more: howMany(left, size, regions.length),
      inAll: howMany(room, size, 0),
    })),
  };
}
