import { regionBudget } from "../catalog/regionBudget";
import { type NetworkRanges, regionAddresses } from "./addresses";
import { REGION_DEFAULTS } from "./defaults";
import type { RegionConfig, RegionModel, RegionResources } from "./model";
import type { RawRegion } from "./schema";

/** Fills in the defaults: the only place that does. */
export function normalise(raw: RawRegion): RegionConfig {
  const { name, slot, owner, resources, players, split = 1, connections = {}, ...game } = raw;
  const defaults = REGION_DEFAULTS;
  return {
    ...{ name, slot, owner, split, connections },
    resources: sizeOf(resources, defaults.resources),
    players: players ?? defaults.players,
    game: { ...defaults.game, ...game },
  };
}

/** A size as it is written, in the model's words; what is not written is the default. */
export function sizeOf(
  { cpu, memory, disk }: { cpu?: number; memory?: number; disk?: number } = {},
  { cpuMillis, memoryBytes, diskBytes }: RegionResources,
): RegionResources {
  return {
    cpuMillis: cpu ?? cpuMillis,
    memoryBytes: memory ?? memoryBytes,
    diskBytes: disk ?? diskBytes,
  };
}

/**
 * Adds everything that follows from a region's settings and from what its stack says of all regions.
 * @param hasWorker do the stack's regions have a worker?
 */
export function toModel(config: RegionConfig, ranges: NetworkRanges, hasWorker: boolean): RegionModel {
  const { resources, players, connections, split } = config;
  return {
    ...config,
    budget: regionBudget(resources, players, { hasWorker, connections, split }),
    addresses: regionAddresses(config.slot, ranges),
  };
}
