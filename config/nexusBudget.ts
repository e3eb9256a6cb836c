import {
  type ContainerLimits,
  type PostgresTuning,
  type RedisTuning,
  type ServerTuning,
  tunePostgres,
  tuneRedis,
  tuneServer,
} from "./tuning";
import { GB, MB, MIB } from "./units";

export type NexusRole = "server" | "db" | "redis" | "gateway" | "adminUi" | "playerClient";

/**
 * How large the Central Nexus is:
 * `specification` is the specification's plan for its 64 vCPU / 64 GB host, `laptop` fits a developer's machine.
 */
export type NexusProfile = "laptop" | "specification";

export interface NexusBudget {
  limits: Record<NexusRole, ContainerLimits>;
  /** Set apart for its databases by admission; no limit is set on the Nexus' disk. */
  diskBytes: number;
  postgres: PostgresTuning;
  redis: RedisTuning;
  server: ServerTuning;
}

interface ProfileSize {
  limits: Record<NexusRole, ContainerLimits>;
  /** Players that the central server's processes and connections are made for. */
  players: number;
  diskBytes: number;
}

const PROFILES: Record<NexusProfile, ProfileSize> = {
  specification: {
    limits: {
      server: limits(8000, 8 * GB, 512),
      db: limits(4000, 16 * GB, 512),
      redis: limits(4000, 8 * GB, 64),
      gateway: limits(2000, 1 * GB, 128),
      adminUi: limits(500, 256 * MB, 64),
      playerClient: limits(500, 256 * MB, 64),
    },
    players: 1000,
    diskBytes: 120 * GB,
  },
  laptop: {
    limits: {
      server: limits(1000, 900 * MIB, 512),
      db: limits(500, 640 * MIB, 512),
      redis: limits(250, 192 * MIB, 64),
      gateway: limits(250, 128 * MIB, 128),
      adminUi: limits(250, 96 * MIB, 64),
      playerClient: limits(250, 96 * MIB, 64),
    },
    players: 100,
    diskBytes: 10 * GB,
  },
};

/** Limits and tuning of the Central Nexus' containers. */
export function nexusBudget(profile: NexusProfile): NexusBudget {
  const { limits, players, diskBytes } = PROFILES[profile];
  const server = tuneServer(players);
  return {
    limits,
    diskBytes,
    postgres: tunePostgres(limits.db.memoryBytes, [server]),
    redis: tuneRedis(limits.redis.memoryBytes),
    server,
  };
}

/** What the Central Nexus takes of a host: the sum of its limits, and the disk that is set apart for it. */
export function nexusResources(profile: NexusProfile): {
  cpuMillis: number;
  memoryBytes: number;
  diskBytes: number;
} {
  const { limits, diskBytes } = PROFILES[profile];
  const sum = { cpuMillis: 0, memoryBytes: 0, diskBytes };
  for (const { cpuMillis, memoryBytes } of Object.values(limits)) {
    sum.cpuMillis += cpuMillis;
    sum.memoryBytes += memoryBytes;
  }
  return sum;
}

function limits(cpuMillis: number, memoryBytes: number, pids: number): ContainerLimits {
  return { cpuMillis, memoryBytes: Math.floor(memoryBytes / MIB) * MIB, pids };
}
