import { type ConnectionSettings, connectionsFor, connectionsIn } from "../config/connections";
import {
  type ContainerLimits,
  type GatewayTuning,
  type PostgresTuning,
  postgresPids,
  type RedisTuning,
  type ServerTuning,
  serverMemoryNeed,
  tuneGateway,
  tunePostgres,
  tuneRedis,
  tuneServer,
  webWorkersFor,
} from "../config/tuning";
import { GB } from "../config/units";
import { NEXUS_SERVICES, type NexusRole } from "./nexus";
import { NEXUS_ROLES } from "./services";

/**
 * How large the Central Nexus is:
 * `specification` is the specification's plan for its 64 vCPU / 64 GB host, `laptop` fits a developer's machine.
 */
export type NexusProfile = "laptop" | "specification";

export interface NexusBudget {
  limits: Record<NexusRole, ContainerLimits>;
  /** Limit of all its data together, and what admission sets apart for it. Grows in place. */
  diskBytes: number;
  postgres: PostgresTuning;
  redis: RedisTuning;
  gateway: GatewayTuning;
  server: ServerTuning;
}

/** As many as a region may have. */
export const MAX_NEXUS_PLAYERS = 1000;

const PROFILES: Record<NexusProfile, ProfileSize> = {
  specification: { players: 1000, diskBytes: 120 * GB },
  laptop: { players: 100, diskBytes: 10 * GB },
};

/** What a profile says beside the services' own limits. */
interface ProfileSize {
  /** Players that the central server's processes and connections are made for, where the settings do not say. */
  players: number;
  diskBytes: number;
}

function limitsOf(profile: NexusProfile): Record<NexusRole, ContainerLimits> {
  const entries = NEXUS_ROLES.map((role) => [role, NEXUS_SERVICES[role].size[profile]]);
  return Object.fromEntries(entries) as Record<NexusRole, ContainerLimits>;
}

/** Players that a profile is made for where the settings do not say. */
export function nexusPlayers(profile: NexusProfile): number {
  return PROFILES[profile].players;
}

/**
 * Limits and tuning of the Central Nexus' containers.
 * @param players that the central server's processes and connections are made for; default: the profile's
 * @param given how the database's connections are given out, as far as the settings say
 * @param diskBytes limit of its data; default: the profile's
 */
export function nexusBudget(
  profile: NexusProfile,
  players = nexusPlayers(profile),
  given: ConnectionSettings = {},
  diskBytes = PROFILES[profile].diskBytes,
): NexusBudget {
  const limits = limitsOf(profile);
  const webWorkers = webWorkersFor(players);
  const connections = connectionsFor(players, webWorkers, given);
  const db = { ...limits.db, pids: postgresPids(connections, limits.db.pids) };
  return {
    limits: { ...limits, db },
    diskBytes,
    postgres: tunePostgres(db.memoryBytes, connections.max),
    redis: tuneRedis(limits.redis.memoryBytes),
    gateway: tuneGateway(limits.gateway.memoryBytes),
    server: tuneServer(webWorkers, connections),
  };
}

/** What a container has at the least of the CPU, whatever the profile. */
export function leastNexusCpuMillis(role: NexusRole): number {
  return Math.min(...Object.values(NEXUS_SERVICES[role].size).map(({ cpuMillis }) => cpuMillis));
}

/**
 * The most players whose processes fit into the central server's memory, and their connections into its database's.
 * @param given with a `max` of its own, the connections are not the players' matter
 */
export function mostNexusPlayers(profile: NexusProfile, given: ConnectionSettings = {}): number {
  const { server } = limitsOf(profile);
  const fits = (players: number): boolean => {
    const webWorkers = webWorkersFor(players);
    const { max } = connectionsFor(players, webWorkers, given);
    return (
      serverMemoryNeed(webWorkers) <= server.memoryBytes &&
      (given.max !== undefined || max <= mostNexusConnections(profile))
    );
  };
  let most = MAX_NEXUS_PLAYERS;
  while (!fits(most)) most -= 1;
  return most;
}

/** Connections that the memory of the central database holds. */
export function mostNexusConnections(profile: NexusProfile): number {
  return connectionsIn(limitsOf(profile).db.memoryBytes);
}

/**
 * What the Central Nexus takes of a host: the sum of its limits.
 * @param diskBytes limit of its data; default: the profile's
 */
export function nexusResources(
  profile: NexusProfile,
  diskBytes = PROFILES[profile].diskBytes,
): { cpuMillis: number; memoryBytes: number; diskBytes: number } {
  const sum = { cpuMillis: 0, memoryBytes: 0, diskBytes };
  for (const { cpuMillis, memoryBytes } of Object.values(limitsOf(profile))) {
    sum.cpuMillis += cpuMillis;
    sum.memoryBytes += memoryBytes;
  }
  return sum;
}
