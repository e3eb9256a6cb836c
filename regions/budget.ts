import {
  type ContainerLimits,
  serverMemoryNeed,
  tunePostgres,
  tuneRedis,
  tuneServer,
  tuneWorker,
} from "../config/tuning";
import { MIB } from "../config/units";
import type { RegionBudget, RegionResources, RegionRole } from "./model";

/**
 * How a region is split. Every container first gets `base`, what it needs to start and to serve a few players;
 * `weight` percent of everything above goes on top. So a larger region never gives a container less, and the sum
 * never exceeds the region. The bases fit the smallest region (1 CPU, 2 GB); the weights of a column add to 100.
 *
 * Measured needs of the real game: 600 MB for two web workers, 256 MB for the database, 64 MB for the cache.
 */
const SHARES: Record<RegionRole, { cpu: Share; memory: Share; pids: number }> = {
  server: { cpu: { base: 500, weight: 50 }, memory: { base: 700 * MIB, weight: 40 }, pids: 512 },
  db: { cpu: { base: 220, weight: 25 }, memory: { base: 320 * MIB, weight: 35 }, pids: 512 },
  cache: { cpu: { base: 80, weight: 7 }, memory: { base: 96 * MIB, weight: 12 }, pids: 64 },
  worker: { cpu: { base: 150, weight: 15 }, memory: { base: 320 * MIB, weight: 10 }, pids: 256 },
  storage: { cpu: { base: 50, weight: 3 }, memory: { base: 64 * MIB, weight: 3 }, pids: 64 },
};

interface Share {
  base: number;
  weight: number;
}

/** Docker's shortest CPU quota is 1 ms of a 100 ms period; the Docker provider takes memory in whole MiB. */
const CPU_STEP = 10;
const MEMORY_STEP = MIB;

/** Splits a region's size over its containers. Pure: the same size gives the same budget, whatever else exists. */
export function regionBudget(resources: RegionResources, players: number): RegionBudget {
  const limits: Record<RegionRole, ContainerLimits> = {
    server: limitsOf("server", resources),
    db: limitsOf("db", resources),
    cache: limitsOf("cache", resources),
    worker: limitsOf("worker", resources),
    storage: limitsOf("storage", resources),
  };
  const server = tuneServer(players);
  const worker = tuneWorker(players);
  return {
    limits,
    postgres: tunePostgres(limits.db.memoryBytes, [server, worker]),
    redis: tuneRedis(limits.cache.memoryBytes),
    server,
    worker,
  };
}

/** The smallest region, in bytes of memory, whose server can hold the processes that so many players need. */
export function memoryForPlayers(players: number): number {
  const need = serverMemoryNeed(tuneServer(players));
  const { base, weight } = SHARES.server.memory;
  return sumOfBases("memory") + Math.ceil((Math.max(need - base, 0) * 100) / weight);
}

function limitsOf(role: RegionRole, { cpuMillis, memoryBytes }: RegionResources): ContainerLimits {
  return {
    cpuMillis: part(cpuMillis, "cpu", role, CPU_STEP),
    memoryBytes: part(memoryBytes, "memory", role, MEMORY_STEP),
    pids: SHARES[role].pids,
  };
}

function part(whole: number, resource: "cpu" | "memory", role: RegionRole, step: number): number {
  const { base, weight } = SHARES[role][resource];
  return roundDown(base + ((whole - sumOfBases(resource)) * weight) / 100, step);
}

function sumOfBases(resource: "cpu" | "memory"): number {
  return Object.values(SHARES).reduce((sum, share) => sum + share[resource].base, 0);
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
