import { type ConnectionSettings, connectionsFor, memoryForConnections } from "../config/connections";
import {
  type ContainerLimits,
  postgresPids,
  serverMemoryNeed,
  tunePostgres,
  tuneRedis,
  tuneServer,
  webWorkersFor,
} from "../config/tuning";
import { MIB } from "../config/units";
import type { RegionBudget, RegionResources } from "../regions/model";
import { REGION_SERVICES, type RegionRole } from "./region";
import type { JoinedShare, RegionService, Share } from "./service";
import { REGION_ROLES } from "./services";

/** Docker's shortest CPU quota is 1 ms of a 100 ms period; the Docker provider takes memory in whole MiB. */
const CPU_STEP = 10;
const MEMORY_STEP = MIB;

/** What decides a region's budget beside its size and its players. */
export interface BudgetOptions {
  /** Does the region have a worker? A change of it changes limits alone, and nothing that takes a restart. @default true */
  hasWorker?: boolean;
  /** How the database's connections are given out, as far as the region's file says. */
  connections?: ConnectionSettings;
  /** Version of the split: which services that regions got later it has. @default 1 */
  split?: number;
}

/** Splits a region's size over its containers. Pure: the same size gives the same budget, whatever else exists. */
export function regionBudget(
  resources: RegionResources,
  players: number,
  { hasWorker = true, connections: given = {}, split: version = 1 }: BudgetOptions = {},
): RegionBudget {
  const webWorkers = webWorkersFor(players);
  const connections = connectionsFor(players, webWorkers, given);
  const limits = split(resources, hasWorker, version);
  const db = { ...limits.db, pids: postgresPids(connections, limits.db.pids) };
  return {
    limits: { ...limits, db },
    postgres: tunePostgres(db.memoryBytes, connections.max),
    redis: tuneRedis(limits.cache.memoryBytes),
    server: tuneServer(webWorkers, connections),
    worker: tuneServer(1, connections),
  };
}

/** The containers that a region has, with their limits. */
export function limitsByRole({ limits }: Pick<RegionBudget, "limits">): [RegionRole, ContainerLimits][] {
  return REGION_ROLES.flatMap((role) => {
    const own = limits[role];
    return own ? [[role, own] satisfies [RegionRole, ContainerLimits]] : [];
  });
}

/** The newest version of the split: `region add` writes it where it is not the first. */
export const CURRENT_SPLIT = Math.max(1, ...REGION_ROLES.flatMap((role) => joinedShare(role)?.since ?? []));

/** What a container has at the least of the CPU, whatever region of that split it is in. */
export function leastCpuMillis(role: RegionRole, version = 1): number {
  const smallest = [true, false].flatMap((hasWorker) => {
    const bases = sumOf(sharesOf(hasWorker).map(([, { cpu }]) => cpu[0]));
    // The bases add up to the CPU of the smallest region.
    return split({ cpuMillis: bases, memoryBytes: 0 }, hasWorker, version)[role]?.cpuMillis ?? [];
  });
  return Math.min(...smallest);
}

/**
 * The smallest region, in bytes of memory, whose server holds the processes that so many players need, and whose
 * database holds their connections. It is counted beside a worker, so that no region becomes too small when its stack
 * takes workers.
 * @param given with a `max` of its own, the connections are not the players' matter
 */
export function memoryForPlayers(players: number, given: ConnectionSettings = {}, split = 1): number {
  const webWorkers = webWorkersFor(players);
  const forServer = wholeFor("server", serverMemoryNeed(webWorkers), split);
  if (given.max !== undefined) return forServer;
  return Math.max(forServer, regionMemoryForConnections(connectionsFor(players, webWorkers).max, split));
}

/** The smallest region, in bytes of memory, whose database holds so many connections; beside a worker, too. */
export function regionMemoryForConnections(max: number, split = 1): number {
  return wholeFor("db", memoryForConnections(max), split);
}

/** The smallest whole of which a role's part of the memory is as large as it needs. */
function wholeFor(role: "server" | "db", need: number, version: number): number {
  const [base, weight] = REGION_SERVICES[role].share.memory;
  const bases = sumOf(sharesOf(true).map(([, { memory }]) => memory[0]));
  const joined = sumOf(joinedIn(version).map(([, { memoryBytes }]) => memoryBytes));
  return joined + bases + Math.ceil((Math.max(need - base, 0) * 100) / weight);
}

/**
 * Services that regions got later have a fixed part off the top; the others share what is left. Where that is less than
 * their bases, all bases shrink alike.
 */
function split(
  { cpuMillis, memoryBytes }: Pick<RegionResources, "cpuMillis" | "memoryBytes">,
  hasWorker: boolean,
  version: number,
): RegionBudget["limits"] {
  const shares = sharesOf(hasWorker);
  const joined = joinedIn(version);
  const left = {
    cpu: cpuMillis - sumOf(joined.map(([, own]) => own.cpuMillis)),
    memory: memoryBytes - sumOf(joined.map(([, own]) => own.memoryBytes)),
  };
  const part = (resource: "cpu" | "memory", share: Share, step: number): number => {
    const bases = sumOf(shares.map(([, other]) => other[resource][0]));
    const [base, weight] = share[resource];
    const above = Math.max(left[resource] - bases, 0);
    return roundDown(base * Math.min(left[resource] / bases, 1) + (above * weight) / 100, step);
  };
  const entries = shares.map(([role, share]): [RegionRole, ContainerLimits] => [
    role,
    {
      cpuMillis: part("cpu", share, CPU_STEP),
      memoryBytes: part("memory", share, MEMORY_STEP),
      pids: share.pids,
    },
  ]);
  const fixed = joined.map(([role, { since: _, ...limits }]): [RegionRole, ContainerLimits] => [
    role,
    limits,
  ]);
  return Object.fromEntries([...entries, ...fixed]) as RegionBudget["limits"];
}

function sharesOf(hasWorker: boolean): [RegionRole, Share][] {
  return REGION_ROLES.flatMap((role) => {
    const { share, shareWithoutWorker }: RegionService = REGION_SERVICES[role];
    if (isJoined(share)) return [];
    if (hasWorker) return [[role, share]];
    return shareWithoutWorker ? [[role, { ...shareWithoutWorker, pids: share.pids }]] : [];
  });
}

function joinedIn(version: number): [RegionRole, JoinedShare][] {
  return REGION_ROLES.flatMap((role) => {
    const share = joinedShare(role);
    return share && share.since <= version ? [[role, share]] : [];
  });
}

function joinedShare(role: RegionRole): JoinedShare | undefined {
  const { share }: RegionService = REGION_SERVICES[role];
  return isJoined(share) ? share : undefined;
}

function isJoined(share: Share | JoinedShare): share is JoinedShare {
  return "since" in share;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function roundDown(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
