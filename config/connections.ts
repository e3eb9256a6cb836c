import type { Breach } from "./problems";
import { refusalText } from "./refusal";
import { MIB } from "./units";

/** How the connections of one database are given out, as far as somebody said so. */
export interface ConnectionSettings {
  /** Connections that each engine of each process keeps once it has opened them. */
  pool?: number;
  /** Connections that an engine may open beyond `pool`; it closes them after use. */
  overflow?: number;
  /** PostgreSQL's `max_connections`. */
  max?: number;
}

export type Connections = Required<ConnectionSettings>;

/** What may be written. The database's memory allows less than the largest `max`. */
export const CONNECTION_LIMITS = {
  pool: { min: 1, max: 100 },
  overflow: { min: 0, max: 10_000 },
  max: { min: 20, max: 10_000 },
};

/** Connections kept for the superuser, health checks and the other roles (catalog/databaseRoles.ts). */
export const CONNECTION_RESERVE = 10;

/** The game server opens a synchronous and an asynchronous engine in every process. */
const ENGINES_PER_PROCESS = 2;

/** What one engine of the game server takes by itself: 10 + 20. */
const OWN_CONNECTIONS = 30;

/** Kept by each engine where nobody says otherwise. Fewer than its own 10, as what idles in one engine another one lacks. */
const KEPT = 5;

/** One for the player's open socket, and requests beside it. */
const CONNECTIONS_PER_PLAYER = 1.2;

/**
 * Memory that one connection takes of its database's limit, page tables included. Measured with the real game's 145
 * tables: 1.3 MiB idle, 2.2 after queries on 21 tables, 5 after queries on all. Only the few that are kept get there.
 */
const BYTES_PER_CONNECTION = 2 * MIB;

/** Memory of PostgreSQL's own processes beside its shared buffers. */
const BYTES_WITHOUT_CONNECTIONS = 32 * MIB;

/** Below this limit a database has less for its buffers: connections and sorting need a larger part of it. */
const SMALL_DATABASE = 512 * MIB;
const BUFFERS_OF_SMALL = 0.2;
const BUFFERS = 0.25;
const MAX_BUFFERS = 8192 * MIB;

/** PostgreSQL's `shared_buffers` in a container with that much memory. */
export function sharedBuffers(memoryBytes: number): number {
  const part = memoryBytes < SMALL_DATABASE ? BUFFERS_OF_SMALL : BUFFERS;
  return Math.min(Math.floor((memoryBytes * part) / MIB) * MIB, MAX_BUFFERS);
}

/** Connections that a database's memory holds. */
export function connectionsIn(memoryBytes: number): number {
  const left = memoryBytes - sharedBuffers(memoryBytes) - BYTES_WITHOUT_CONNECTIONS;
  return Math.max(Math.floor(left / BYTES_PER_CONNECTION), 0);
}

/** The least memory of a database, in whole MiB, that holds so many connections. */
export function memoryForConnections(max: number): number {
  const need = max * BYTES_PER_CONNECTION + BYTES_WITHOUT_CONNECTIONS;
  const least = (buffers: number): number => Math.floor(need / (1 - buffers) / MIB) * MIB;
  const small = least(BUFFERS_OF_SMALL);
  let memoryBytes = small < SMALL_DATABASE ? small : least(BUFFERS);
  // Buffers are whole MiB as well.
  while (connectionsIn(memoryBytes - MIB) >= max) memoryBytes -= MIB;
  while (connectionsIn(memoryBytes) < max) memoryBytes += MIB;
  return memoryBytes;
}

/**
 * Fills in what nobody said. `max` follows from players and processes, never from memory: it changes with a restart
 * only. An engine may open all that the database has: an exhausted pool stops a whole process of the game server for
 * 30 s, because it waits inside its event loop; a connection that the database refuses is one failed request (ADR 0023).
 * @param webWorkers processes of the server; a worker beside them is counted as one more
 */
export function connectionsFor(
  players: number,
  webWorkers: number,
  given: ConnectionSettings = {},
): Connections {
  const own = webWorkers * ENGINES_PER_PROCESS * OWN_CONNECTIONS;
  // What the other engines keep is not free while one of them needs all the rest.
  const kept = engines(webWorkers) * (given.pool ?? KEPT);
  const used = Math.max(own, Math.ceil(players * CONNECTIONS_PER_PLAYER));
  const max = given.max ?? CONNECTION_RESERVE + kept + used;
  const most = Math.floor((max - CONNECTION_RESERVE) / engines(webWorkers));
  const pool = given.pool ?? Math.max(Math.min(KEPT, most), 1);
  return { max, pool, overflow: given.overflow ?? Math.max(max - CONNECTION_RESERVE - pool, 0) };
}

/** Can all engines keep what they are told to keep? If they cannot, the first ones would shut the last one out. */
export function connectionsRefusal(
  players: number,
  webWorkers: number,
  given: ConnectionSettings,
): Breach | undefined {
  const { pool, max } = connectionsFor(players, webWorkers, given);
  const kept = pool * engines(webWorkers);
  if (kept + CONNECTION_RESERVE <= max) return undefined;
  const held = `${engines(webWorkers)} engines of the game server keep`;
  const reserve = `${CONNECTION_RESERVE} are kept for health checks and the superuser`;
  if (given.pool === undefined) {
    const least = engines(webWorkers) + CONNECTION_RESERVE;
    const allowed = `at least ${least} for ${players} players: ${held} one each, and ${reserve}`;
    return { path: ["max"], message: refusalText(String(max), allowed, "Write more, or leave it out.") };
  }
  const most = Math.floor((max - CONNECTION_RESERVE) / engines(webWorkers));
  const allowed = `at most ${most} with a max of ${max}: ${held} that many each, and ${reserve}`;
  return { path: ["pool"], message: refusalText(String(pool), allowed, "Write fewer, or a larger max.") };
}

function engines(webWorkers: number): number {
  return (webWorkers + 1) * ENGINES_PER_PROCESS;
}
