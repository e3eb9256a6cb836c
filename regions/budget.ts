import { type ContainerLimits, tunePostgres, tuneRedis, tuneServer, tuneWorker } from "../config/tuning";
import { MIB } from "../config/units";
import type { RegionBudget, RegionResources, RegionRole } from "./model";

/**
 * How a region is split. Every container first gets `base`, what it needs to start and to serve a few players;
 * `weight` percent of everything above goes on top. So a larger region never gives a container less, and the sum
 * never exceeds the region. The bases fit the smallest region (1 CPU, 2 GB); the weights of a column add to 100.
 *
 * Measured needs of the real game: 600 MB for two web workers, 256 MB for the database, 64 MB for the cache.
 */
const SHARES: Record<RegionRole, { cpu: Share; memory: Share }> = {
  server: { cpu: { base: 500, weight: 50 }, memory: { base: 700 * MIB, weight: 40 } },
  db: { cpu: { base: 220, weight: 25 }, memory: { base: 320 * MIB, weight: 35 } },
  cache: { cpu: { base: 80, weight: 7 }, memory: { base: 96 * MIB, weight: 12 } },
  worker: { cpu: { base: 150, weight: 15 }, memory: { base: 320 * MIB, weight: 10 } },
  storage: { cpu: { base: 50, weight: 3 }, memory: { base: 64 * MIB, weight: 3 } },
};

/** Percent of the region's disk. The limit itself is on the region's whole folder; this is what the tuning may assume. */
const DISK_PERCENT = { db: 55, cache: 20, storage: 25 };

interface Share {
  base: number;
  weight: number;
}

/** Docker's shortest CPU quota is 1 ms of a 100 ms period; the Docker provider takes memory in whole MiB. */
const CPU_STEP = 10;
const MEMORY_STEP = MIB;

/** Splits a region's size over its containers. Pure: the same size gives the same budget, whatever else exists. */
export function regionBudget(resources: RegionResources): RegionBudget {
  const limits: Record<RegionRole, ContainerLimits> = {
    server: limitsOf("server", resources),
    db: limitsOf("db", resources),
    cache: limitsOf("cache", resources),
    worker: limitsOf("worker", resources),
    storage: limitsOf("storage", resources),
  };
  const disk = {
    dbBytes: percentOf(resources.diskBytes, DISK_PERCENT.db),
    cacheBytes: percentOf(resources.diskBytes, DISK_PERCENT.cache),
    storageBytes: percentOf(resources.diskBytes, DISK_PERCENT.storage),
  };
  const server = tuneServer(limits.server, limits.db.memoryBytes);
  const worker = tuneWorker(limits.db.memoryBytes);
  return {
    limits,
    disk,
    postgres: tunePostgres(limits.db.memoryBytes, disk.dbBytes, [server, worker]),
    redis: tuneRedis(limits.cache.memoryBytes, disk.cacheBytes),
    server,
    worker,
  };
}

function limitsOf(role: RegionRole, { cpuMillis, memoryBytes }: RegionResources): ContainerLimits {
  return {
    cpuMillis: part(cpuMillis, "cpu", role, CPU_STEP),
    memoryBytes: part(memoryBytes, "memory", role, MEMORY_STEP),
  };
}

function part(whole: number, resource: "cpu" | "memory", role: RegionRole, step: number): number {
  const bases = Object.values(SHARES).reduce((sum, share) => sum + share[resource].base, 0);
  const { base, weight } = SHARES[role][resource];
  return roundDown(base + ((whole - bases) * weight) / 100, step);
}

function percentOf(whole: number, percent: number): number {
  return roundDown((whole * percent) / 100, MIB);
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
