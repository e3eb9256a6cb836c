import { GB } from "../config/units";
import type { GameSettings, RegionResources } from "./model";

/** What a region gets where its file says nothing. The table in README.md is compared with it. */
export const REGION_DEFAULTS: { resources: RegionResources; players: number; game: GameSettings } = {
  resources: { cpuMillis: 2000, memoryBytes: 4 * GB, diskBytes: 20 * GB },
  players: 100,
  game: {
    governance: "autocracy",
    economy: "balanced",
    startingCredits: 1000,
    startingShip: "scout",
    language: {},
    theme: {},
    rules: {},
  },
};

/** `budget.ts` gives every container its base first, and the bases are what it needs to start. */
const NEEDED_TO_START = "With less, a region's containers cannot start and serve.";

/** Smallest and largest values, in the model's units. */
export const REGION_LIMITS = {
  cpu: { min: 1000, max: 8000, whyMin: NEEDED_TO_START },
  memory: { min: 2 * GB, max: 16 * GB, whyMin: NEEDED_TO_START },
  disk: { min: 10 * GB, max: 100 * GB },
  players: { min: 10, max: 1000 },
  startingCredits: { min: 100, max: 10_000 },
};

/** What the game knows. */
export const GOVERNANCES = ["autocracy", "council", "democracy"] as const;
export const ECONOMIES = [
  "agricultural",
  "balanced",
  "commerce",
  "industrial",
  "military",
  "technological",
] as const;
