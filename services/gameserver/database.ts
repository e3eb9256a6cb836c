/** PostgreSQL: the pool, and the schema that the server brings along. */
import { Client, Pool } from "pg";
import { MIGRATIONS } from "./migrations";

/** A request waits this long for a connection or an answer; below the gateway's patience. */
const ANSWER_MS = 1500;
const MIGRATION_MS = 60_000;
/** One number for all processes of all regions: databases are apart. */
const MIGRATION_LOCK = 2102;

/** A pool that outlives its server: broken connections are dropped, and made again when they are needed. */
export function openPool(url: string, size: number, answerMs = ANSWER_MS): Pool {
  const pool = new Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: "gameserver",
  });
  // Without a listener, a connection lost while idle would end the process. The readiness check says what is wrong.
  pool.on("error", () => {});
  return pool;
}

/**
 * Brings the schema up to date. Server and worker may do so at once: they take turns.
 *
 * @returns the schema's version
 */
export async function migrate(url: string): Promise<number> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: MIGRATION_MS,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK]);
    await client.query(
      "CREATE TABLE IF NOT EXISTS schema_migrations (version int PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const { rows } = await client.query(
      "SELECT coalesce(max(version), 0)::int AS version FROM schema_migrations",
    );
    const current: number = rows[0].version;
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index + 1 <= current) continue;
      await client.query(sql);
      await client.query("INSERT INTO schema_migrations (version) VALUES ($1)", [index + 1]);
    }
    await client.query("COMMIT");
    return Math.max(current, MIGRATIONS.length);
  } finally {
    await client.end().catch(() => {});
  }
}
