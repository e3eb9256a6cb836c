import type { RegionRole } from "../catalog/region";
import type { ConnectionSettings } from "../config/connections";
import type { ContainerLimits, PostgresTuning, RedisTuning, ServerTuning } from "../config/tuning";

export type { ContainerLimits, PostgresTuning, RedisTuning, ServerTuning };

/** What the region was sold: the budget never exceeds it. */
export interface RegionResources {
  /** 1000 = 1 CPU. */
  cpuMillis: number;
  memoryBytes: number;
  diskBytes: number;
}

/** The game's own settings. They are data for the game server: nothing here interprets them. */
export interface GameSettings {
  governance: string;
  economy: string;
  startingCredits: number;
  startingShip: string;
  /** Keys sorted, like those of `theme` and `rules` at every level, so that their order in the file changes nothing. */
  language: Record<string, string>;
  theme: Record<string, unknown>;
  rules: Record<string, unknown>;
}

/** A checked region file with its defaults filled in. */
export interface RegionConfig {
  /** Identity of the region, for ever. */
  name: string;
  /** 1 to 255, unique within the stack; the third number of the region's subnet, for ever. */
  slot: number;
  /** The owner's id in the game. */
  owner: string;
  resources: RegionResources;
  /** How many players may be in the region at once. */
  players: number;
  /** Version of the split: which of the services it has that regions got later. */
  split: number;
  /** How its database's connections are given out, as far as its file says; the rest follows from the players. */
  connections: ConnectionSettings;
  game: GameSettings;
}

/** Services that every region has. */
type OwnRole = "server" | "db" | "cache" | "storage";

/** A region's size split over its containers, with the tuning that follows. */
export interface RegionBudget {
  /** Of each container that the region has. */
  limits: Record<OwnRole, ContainerLimits> & Partial<Record<RegionRole, ContainerLimits>>;
  postgres: PostgresTuning;
  redis: RedisTuning;
  server: ServerTuning;
  /** Of a worker, also where there is none: the database keeps connections for one. */
  worker: ServerTuning;
}

/** Addresses of one region: they depend on its slot and on the network ranges, on nothing else. */
export interface RegionAddresses {
  /** The region's own network, a /24. */
  subnet: string;
  gateway: string;
  /** Each container's address on the region's own network; without a worker, nobody has its address. */
  hosts: Record<RegionRole, string>;
  /** The server's address on the regional network. */
  regional: string;
}

/** Everything that the components need to know of a region. */
export interface RegionModel extends RegionConfig {
  budget: RegionBudget;
  addresses: RegionAddresses;
}

/** Addresses of the two networks that all regions share. */
export interface SharedAddresses {
  nexus: { subnet: string; gateway: string };
  regional: {
    subnet: string;
    gateway: string;
    /** The part from which Docker hands out addresses by itself; no region's fixed address lies in it. */
    ipRange: string;
  };
}
