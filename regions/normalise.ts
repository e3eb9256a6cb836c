import { regionBudget } from "../catalog/regionBudget";
import { type NetworkRanges, regionAddresses } from "./addresses";
import { REGION_DEFAULTS } from "./defaults";
import type { RegionConfig, RegionModel } from "./model";
import type { RawRegion } from "./schema";

/** Fills in the defaults: the only place that does. */
export function normalise(raw: RawRegion): RegionConfig {
  const { resources, players, game } = REGION_DEFAULTS;
  return {
    name: raw.name,
    slot: raw.slot,
    owner: raw.owner,
    resources: {
      cpuMillis: raw.resources?.cpu ?? resources.cpuMillis,
      memoryBytes: raw.resources?.memory ?? resources.memoryBytes,
      diskBytes: raw.resources?.disk ?? resources.diskBytes,
    },
    players: raw.players ?? players,
    split: raw.split ?? 1,
    connections: raw.connections ?? {},
    game: {
      governance: raw.governance ?? game.governance,
      economy: raw.economy ?? game.economy,
      startingCredits: raw.startingCredits ?? game.startingCredits,
      startingShip: raw.startingShip ?? game.startingShip,
      language: raw.language ?? game.language,
      theme: raw.theme ?? game.theme,
      rules: raw.rules ?? game.rules,
    },
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
