/** Progress of a long job as server-sent events, which the real server has for the galaxy that it makes. */
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";

/** Between two events the real one is silent for longer than anybody waits for an ordinary answer. */
const SILENCE_MS = 6000;

export function streamRoutes(app: FastifyInstance): void {
  app.get("/api/v1/admin/galaxy/jobs/:id/stream", (_, reply) => {
    reply.type("text/event-stream").header("Cache-Control", "no-cache");
    return reply.send(Readable.from(events()));
  });
}

async function* events(): AsyncGenerator<string> {
  yield 'data: {"progress":0}\n\n';
  await sleep(SILENCE_MS);
  yield 'data: {"progress":1}\n\n';
}
