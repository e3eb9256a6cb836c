/** The worker: takes jobs from Redis, one after the other, and loses none when it is killed. */
import { writeFile } from "node:fs/promises";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import { log, reasonOf } from "./log";
import type { Dependencies } from "./readiness";
import { repeat } from "./repeat";

export const QUEUE = "jobs:queue";
/** Where a job is while it is worked on. A region has one worker, so what is here at its start was cut off. */
const TAKEN = "jobs:taken";
/** Its age says whether the worker can work: the health test reads it. */
export const HEARTBEAT_FILE = "/tmp/heartbeat";

const HEARTBEAT_MS = 5000;
const BLOCK_SECONDS = 2;
const RETRY_MS = 1000;

/** Touches the heartbeat file every five seconds for as long as database and cache answer. */
export function startFileHeartbeat(dependencies: Dependencies, file = HEARTBEAT_FILE): () => void {
  return repeat(async () => {
    const { ready } = await dependencies.check();
    if (!ready) return RETRY_MS;
    await writeFile(file, `${new Date().toISOString()}\n`).catch((error) =>
      log("error", "heartbeat failed", { reason: reasonOf(error) }),
    );
    return HEARTBEAT_MS;
  });
}

/**
 * Works until told to stop. Failures of Redis or PostgreSQL are waited out.
 *
 * @param redis a connection of its own: it waits in a blocking command
 */
export async function workJobs(pool: Pool, redis: Redis, stopping: () => boolean): Promise<void> {
  let last = "";
  while (!stopping()) {
    try {
      await returnTaken(redis);
      last = "";
      while (!stopping()) await takeOne(pool, redis);
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== last && !stopping()) log("warn", "no work can be taken, trying again", { reason });
      last = reason;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** What the work comes to: a stand-in for what a real worker would compute. */
export function workOn(payload: { numbers?: number[] }): { sum: number; count: number } {
  const numbers = payload.numbers ?? [];
  return { sum: numbers.reduce((sum, number) => sum + number, 0), count: numbers.length };
}

async function returnTaken(redis: Redis): Promise<void> {
  while ((await redis.lmove(TAKEN, QUEUE, "LEFT", "RIGHT")) !== null);
}

async function takeOne(pool: Pool, redis: Redis): Promise<void> {
  const id = await redis.blmove(QUEUE, TAKEN, "RIGHT", "LEFT", BLOCK_SECONDS);
  if (id === null) return;
  const { rows } = await pool.query("SELECT payload FROM jobs WHERE id = $1 AND state = 'queued'", [id]);
  // A job that was done before the worker was killed comes a second time: nothing is left to do.
  if (rows[0]) {
    const result = workOn(rows[0].payload);
    await pool.query("UPDATE jobs SET state = 'done', result = $2, finished_at = now() WHERE id = $1", [
      id,
      result,
    ]);
    log("info", "job done", { id });
  }
  await redis.lrem(TAKEN, 1, id);
}
