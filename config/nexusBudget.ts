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
  postgres: PostgresTuning;
  redis: RedisTuning;
  server: ServerTuning;
}

interface ProfileSize {
  limits: Record<NexusRole, ContainerLimits>;
  /** What the tuning may assume; no limit is set on the Nexus' disk. */
  dbDiskBytes: number;
  redisDiskBytes: number;
}

const PROFILES: Record<NexusProfile, ProfileSize> = {
  specification: {
    limits: {
      server: limits(8000, 8 * GB),
      db: limits(4000, 16 * GB),
      redis: limits(4000, 8 * GB),
      gateway: limits(2000, 1 * GB),
      adminUi: limits(500, 256 * MB),
      playerClient: limits(500, 256 * MB),
    },
    dbDiskBytes: 100 * GB,
    redisDiskBytes: 20 * GB,
  },
  laptop: {
    limits: {
      server: limits(1000, 900 * MIB),
      db: limits(500, 640 * MIB),
      redis: limits(250, 192 * MIB),
      gateway: limits(250, 128 * MIB),
      adminUi: limits(250, 96 * MIB),
      playerClient: limits(250, 96 * MIB),
    },
    dbDiskBytes: 10 * GB,
    redisDiskBytes: 2 * GB,
  },
};

/** Limits and tuning of the Central Nexus' containers. */
export function nexusBudget(profile: NexusProfile): NexusBudget {
  const { limits, dbDiskBytes, redisDiskBytes } = PROFILES[profile];
  const server = tuneServer(limits.server, limits.db.memoryBytes);
  return {
    limits,
    postgres: tunePostgres(limits.db.memoryBytes, dbDiskBytes, [server]),
    redis: tuneRedis(limits.redis.memoryBytes, redisDiskBytes),
    server,
  };
}

function limits(cpuMillis: number, memoryBytes: number): ContainerLimits {
  return { cpuMillis, memoryBytes: Math.floor(memoryBytes / MIB) * MIB };
}
