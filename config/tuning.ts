import { type Connections, sharedBuffers } from "./connections";
import { MIB } from "./units";

/** What one container may use. All are limits that the kernel enforces, not reservations; all change in place. */
export interface ContainerLimits {
  /** 1000 = 1 CPU. A multiple of 10, because Docker's shortest quota is 1 ms of a 100 ms period. */
  cpuMillis: number;
  /** A multiple of 1 MiB, because the Docker provider takes whole MiB. */
  memoryBytes: number;
  /** Processes and threads at once: what a fork bomb meets. */
  pids: number;
}

/** Server settings of PostgreSQL that follow from its share. */
export interface PostgresTuning {
  sharedBuffersBytes: number;
  effectiveCacheSizeBytes: number;
  workMemBytes: number;
  maintenanceWorkMemBytes: number;
  /** From players and processes, or as somebody wrote it: `connections.ts`. */
  maxConnections: number;
  maxWalSizeBytes: number;
  /** Size of `/dev/shm`. Constant, because changing it replaces the container. */
  shmBytes: number;
}

export interface RedisTuning {
  maxMemoryBytes: number;
}

/** What the gateway takes at once. */
export interface GatewayTuning {
  /** Open connections of one of its two processes, to clients and servers together. */
  connections: number;
  /** Requests and WebSockets of all clients. */
  requests: number;
  /** Those of one client address. */
  requestsPerClient: number;
}

/** Processes of the game server image and the connection pools each of them opens. */
export interface ServerTuning {
  webWorkers: number;
  /** Connections that one engine of one process keeps. The game server opens two engines a process. */
  poolSize: number;
  /** Connections that one engine may open beyond `poolSize`. */
  maxOverflow: number;
}

/** Measured 240 MB idle per web worker; the rest is for requests and the parent process. */
const MEMORY_PER_WEB_WORKER = 350 * MIB;
/** Part of a cache's limit that its data may fill. */
export const REDIS_MEMORY_PART = 0.55;

/** Background processes, health checks, jobs. */
const POSTGRES_OWN_PIDS = 64;

/** The gateway's own processes, before the first request. */
const GATEWAY_BASE = 16 * MIB;
/** In KiB: 5 of headers as they usually are, 40 of answer, 72 for compressing it, 128 for the client in the kernel. */
const MEMORY_PER_REQUEST = MIB / 4;

const MIN_WEB_WORKERS = 2;
const MAX_WEB_WORKERS = 8;

/**
 * Web workers follow the number of players alone, not the limits: processes only change with a restart, and a region's
 * limits must change without one (ADR 0007).
 */
export function webWorkersFor(players: number): number {
  return clamp(1 + Math.ceil(players / 100), MIN_WEB_WORKERS, MAX_WEB_WORKERS);
}

/** Processes and pools of a web server; a background worker is one process. */
export function tuneServer(webWorkers: number, { pool, overflow }: Connections): ServerTuning {
  return { webWorkers, poolSize: pool, maxOverflow: overflow };
}

/**
 * What a gateway's memory can hold, each request at its worst. One client may take half: that leaves the other half to
 * the others, and behind a proxy that `gateway.trustedProxies` does not name all clients are one.
 */
export function tuneGateway(memoryBytes: number): GatewayTuning {
  const requests = Math.floor((memoryBytes - GATEWAY_BASE) / MEMORY_PER_REQUEST);
  // A request has two connections, and idle ones are let go first. All may fall to one of the two processes.
  return { connections: 2 * requests + 128, requests, requestsPerClient: Math.floor(requests / 2) };
}

/** Memory that so many web workers need to start. */
export function serverMemoryNeed(webWorkers: number): number {
  return webWorkers * MEMORY_PER_WEB_WORKER;
}

/** Processes and threads that a database may have: PostgreSQL has a process for each connection, and some of its own. */
export function postgresPids({ max }: Connections, least: number): number {
  return Math.max(least, max + POSTGRES_OWN_PIDS);
}

/**
 * @param memoryBytes the database container's limit
 * @param maxConnections that it must hold: `connections.ts`
 */
export function tunePostgres(memoryBytes: number, maxConnections: number): PostgresTuning {
  const sharedBuffersBytes = sharedBuffers(memoryBytes);
  return {
    sharedBuffersBytes,
    effectiveCacheSizeBytes: wholeMib(memoryBytes * 0.65),
    // Three, because one query may sort and hash more than once.
    workMemBytes: Math.max(wholeMib((memoryBytes - sharedBuffersBytes) / (maxConnections * 3)), MIB),
    maintenanceWorkMemBytes: Math.min(wholeMib(memoryBytes / 16), 1024 * MIB),
    maxConnections,
    // At most a tenth of the smallest disk.
    maxWalSizeBytes: clamp(wholeMib(memoryBytes / 4), 256 * MIB, 1024 * MIB),
    // Docker's default of 64 MiB breaks parallel queries; the memory is only used when it is needed.
    shmBytes: 256 * MIB,
  };
}

/** `maxmemory` is 55 % of the limit: rewriting the append-only file forks, and copied pages count against the limit. */
export function tuneRedis(memoryBytes: number): RedisTuning {
  return { maxMemoryBytes: wholeMib(memoryBytes * REDIS_MEMORY_PART) };
}

function wholeMib(bytes: number): number {
  return Math.floor(bytes / MIB) * MIB;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
