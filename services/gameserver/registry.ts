/** What the Nexus knows of the regions: who lives now (Redis, 15 s), who was ever seen (PostgreSQL). */
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import type { Heartbeat } from "./registration";

/** Three heartbeats. */
const TTL_SECONDS = 15;
/** How often "last seen" is written down while a region lives. */
const WRITE_MS = 60_000;

export interface KnownRegion {
  name: string;
  owner?: string;
  state: "up" | "degraded" | "down";
  players: number;
  maxPlayers: number;
  version?: string;
  lastSeen: string;
}

export interface Registry {
  report(name: string, heartbeat: Heartbeat): Promise<void>;
  list(): Promise<KnownRegion[]>;
}

interface Live extends Heartbeat {
  /** Milliseconds since 1970. */
  seen: number;
  written: number;
}

interface Row {
  name: string;
  owner: string | null;
  max_players: number | null;
  version: string | null;
  last_seen: Date;
}

export function createRegistry(pool: Pool, redis: Redis): Registry {
  const keyOf = (name: string): string => `nexus:region:${name}`;
  return {
    async report(name, heartbeat) {
      const now = Date.now();
      const before = parse(await redis.get(keyOf(name)));
      const due = !before || now - before.written >= WRITE_MS;
      if (due) {
        await pool.query(
          `INSERT INTO known_regions (name, owner, max_players, version) VALUES ($1, $2, $3, $4)
           ON CONFLICT (name) DO UPDATE SET owner = $2, max_players = $3, version = $4, last_seen = now()`,
          [name, heartbeat.owner, heartbeat.maxPlayers, heartbeat.version],
        );
      }
      const live: Live = { ...heartbeat, seen: now, written: due ? now : before.written };
      await redis.set(keyOf(name), JSON.stringify(live), "EX", TTL_SECONDS);
    },
    async list() {
      const { rows } = await pool.query<Row>(
        "SELECT name, owner, max_players, version, last_seen FROM known_regions ORDER BY name",
      );
      if (rows.length === 0) return [];
      const live = await redis.mget(rows.map((row) => keyOf(row.name)));
      return rows.map((row, index) => describe(row, parse(live[index])));
    },
  };
}

/** One region for the list: as it reported itself, or as it was last known. */
export function describe(row: Row, live: Live | undefined): KnownRegion {
  return {
    name: row.name,
    owner: row.owner ?? undefined,
    state: live ? (live.ready ? "up" : "degraded") : "down",
    players: live?.players ?? 0,
    maxPlayers: row.max_players ?? 0,
    version: row.version ?? undefined,
    lastSeen: (live ? new Date(live.seen) : row.last_seen).toISOString(),
  };
}

function parse(text: string | null | undefined): Live | undefined {
  return text ? (JSON.parse(text) as Live) : undefined;
}
