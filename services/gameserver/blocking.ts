/**
 * The real server's way with its database, for tests (`STANDIN_BLOCKING`): several processes, each with a second pool
 * whose connections are held for as long as most requests and every WebSocket last. Who finds that pool exhausted waits inside the
 * event loop, so that the whole process stops, and nothing that could give a connection back runs meanwhile.
 */
import cluster from "node:cluster";
import type { FastifyInstance } from "fastify";
import type { Pool, PoolClient } from "pg";
import { log } from "./log";

/** SQLAlchemy's `pool_timeout`. */
const WAIT_MS = 30_000;

/** Asked for by whoever watches the process, and answered without a connection, as in the real server. */
const FREE = ["/health", "/metrics", "/api/v1/status/health"];

/** How many connections an engine keeps and opens beyond that, as the real server is told. */
export interface PoolSize {
  size: number;
  overflow: number;
}

/** Gives every WebSocket, and every request that does not use the other engine, a connection of its own for as long as it lasts. */
export function holdConnections(app: FastifyInstance, pool: Pool, { size, overflow }: PoolSize): void {
  let held = 0;
  const take = async (): Promise<() => void> => {
    if (held >= size + overflow) {
      log("warn", "pool exhausted: the process stops", { size, overflow });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
      throw new Error(`QueuePool limit of size ${size} overflow ${overflow} reached, connection timed out`);
    }
    held += 1;
    let client: PoolClient;
    try {
      client = await pool.connect();
      await client.query("SELECT 1");
    } catch (error) {
      held -= 1;
      throw error;
    }
    return () => {
      held -= 1;
      // Those beyond the pool's size are closed after use.
      client.release(pool.idleCount >= size);
    };
  };
  app.addHook("onRequest", async (request, reply) => {
    // Handlers that ask the database have the other engine, as in the real server: one connection a request.
    if (FREE.includes(request.url) || request.url.startsWith("/api/v1/sectors/")) return;
    const isSocket = request.headers.upgrade !== undefined;
    const end = isSocket ? request.raw.socket : reply.raw;
    const release = await take();
    if (isSocket ? request.raw.socket.destroyed : reply.raw.closed) release();
    else end.once("close", release);
  });
}

/**
 * Runs `work` in so many processes that share the port, as uvicorn does: whoever is free takes a connection. One that
 * ends is started again.
 */
export async function inProcesses(count: number, work: () => Promise<void>): Promise<void> {
  if (cluster.isWorker) return work();
  // The other policy has this process hand connections out in turn, to one that stands still as well.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  for (let index = 0; index < count; index++) cluster.fork();
  let stopping = false;
  cluster.on("exit", () => {
    if (!stopping) cluster.fork();
    else if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0);
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      stopping = true;
      for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal);
    });
  }
}
