import { type ConnectionSettings, connectionsFor, memoryForConnections } from "../config/connections";
import {
  type ContainerLimits,
  postgresPids,
  serverMemoryNeed,
  tunePostgres,
  tuneRedis,
  tuneServer,
  tuneWorker,
  webWorkersFor,
} from "../config/tuning";
import { MIB } from "../config/units";
import { REGION_ROLES, type RegionBudget, type RegionResources, type RegionRole } from "./model";

/**
 * How a region is split. Every container first gets `base`, what it needs to start and to serve a few players;
 * `weight` percent of everything above goes on top. So a larger region never gives a container less, and the sum
 * never exceeds the region. The bases fit the smallest region (1 CPU, 2 GB); the weights of a column add to 100.
 *
 * Measured needs of the real game: 600 MB for two web workers, 256 MB for the database, 64 MB for the cache.
 */
const SHARES = {
  server: { cpu: { base: 500, weight: 50 }, memory: { base: 700 * MIB, weight: 40 }, pids: 512 },
  db: { cpu: { base: 220, weight: 25 }, memory: { base: 320 * MIB, weight: 35 }, pids: 512 },
  cache: { cpu: { base: 80, weight: 7 }, memory: { base: 96 * MIB, weight: 12 }, pids: 64 },
  worker: { cpu: { base: 150, weight: 15 }, memory: { base: 320 * MIB, weight: 10 }, pids: 256 },
  storage: { cpu: { base: 50, weight: 3 }, memory: { base: 64 * MIB, weight: 3 }, pids: 64 },
} satisfies Shares;

/**
 * The same without a worker: its base and its weight go to the others. The bases add up to the same sum, so that at no
 * size a container has less than it has beside a worker.
 */
const SHARES_WITHOUT_WORKER = {
  server: { cpu: { base: 600, weight: 58 }, memory: { base: 820 * MIB, weight: 45 }, pids: 512 },
  db: { cpu: { base: 270, weight: 31 }, memory: { base: 490 * MIB, weight: 39 }, pids: 512 },
  cache: { cpu: { base: 80, weight: 8 }, memory: { base: 118 * MIB, weight: 13 }, pids: 64 },
  storage: { cpu: { base: 50, weight: 3 }, memory: { base: 72 * MIB, weight: 3 }, pids: 64 },
} satisfies Shares;

type Shares = { [Role in RegionRole]?: { cpu: Share; memory: Share; pids: number } };

interface Share {
  base: number;
  weight: number;
}

/** Docker's shortest CPU quota is 1 ms of a 100 ms period; the Docker provider takes memory in whole MiB. */
const CPU_STEP = 10;
const MEMORY_STEP = MIB;

/**
 * Splits a region's size over its containers. Pure: the same size gives the same budget, whatever else exists.
 * @param hasWorker does the region have a worker? A change of it changes limits alone, and nothing that takes a restart
 * @param given how the database's connections are given out, as far as the region's file says
 */
export function regionBudget(
  resources: RegionResources,
  players: number,
  hasWorker = true,
  given: ConnectionSettings = {},
): RegionBudget {
  const connections = connectionsFor(players, webWorkersFor(players), given);
  const limits = hasWorker ? split(SHARES, resources) : split(SHARES_WITHOUT_WORKER, resources);
  const db = { ...limits.db, pids: postgresPids(connections, limits.db.pids) };
  return {
    limits: { ...limits, db },
    postgres: tunePostgres(db.memoryBytes, connections.max),
    redis: tuneRedis(limits.cache.memoryBytes),
    server: tuneServer(players, connections),
    worker: tuneWorker(connections),
  };
}

/** The containers that a region has, with their limits. */
export function limitsByRole({ limits }: Pick<RegionBudget, "limits">): [RegionRole, ContainerLimits][] {
  return REGION_ROLES.flatMap((role) => {
    const own = limits[role];
    return own ? [[role, own] satisfies [RegionRole, ContainerLimits]] : [];
  });
}

/** What a container has at the least of the CPU, whatever region it is in. */
export function leastCpuMillis(role: RegionRole): number {
  const all: Shares[] = [SHARES, SHARES_WITHOUT_WORKER];
  return Math.min(...all.flatMap((shares) => shares[role]?.cpu.base ?? []));
}

/**
 * The smallest region, in bytes of memory, whose server holds the processes that so many players need, and whose
 * database holds their connections. It is counted beside a worker, so that no region becomes too small when its stack
 * takes workers.
 * @param given with a `max` of its own, the connections are not the players' matter
 */
export function memoryForPlayers(players: number, given: ConnectionSettings = {}): number {
  const webWorkers = webWorkersFor(players);
  const forServer = wholeFor("server", serverMemoryNeed(webWorkers));
  if (given.max !== undefined) return forServer;
  return Math.max(forServer, regionMemoryForConnections(connectionsFor(players, webWorkers).max));
}

/** The smallest region, in bytes of memory, whose database holds so many connections; beside a worker, too. */
export function regionMemoryForConnections(max: number): number {
  return wholeFor("db", memoryForConnections(max));
}

/** The smallest whole of which a role's part of the memory is as large as it needs. */
function wholeFor(role: "server" | "db", need: number): number {
  const { base, weight } = SHARES[role].memory;
  return sumOfBases(SHARES, "memory") + Math.ceil((Math.max(need - base, 0) * 100) / weight);
}

function split<Role extends RegionRole>(
  shares: { [R in Role]: { cpu: Share; memory: Share; pids: number } },
  { cpuMillis, memoryBytes }: RegionResources,
): Record<Role, ContainerLimits> {
  const cpuLeft = cpuMillis - sumOfBases(shares, "cpu");
  const memoryLeft = memoryBytes - sumOfBases(shares, "memory");
  const entries = Object.entries<{ cpu: Share; memory: Share; pids: number }>(shares);
  const limits = entries.map(([role, { cpu, memory, pids }]) => [
    role,
    {
      cpuMillis: part(cpu, cpuLeft, CPU_STEP),
      memoryBytes: part(memory, memoryLeft, MEMORY_STEP),
      pids,
    },
  ]);
  return Object.fromEntries(limits) as Record<Role, ContainerLimits>;
}

function part({ base, weight }: Share, left: number, step: number): number {
  return roundDown(base + (left * weight) / 100, step);
}

function sumOfBases(shares: Shares, resource: "cpu" | "memory"): number {
  return Object.values(shares).reduce((sum, share) => sum + share[resource].base, 0);
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
