/** Work for the region's worker: a row in PostgreSQL, its id in a Redis list. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context";
import { QUEUE } from "../worker";

const params = {
  type: "object",
  properties: { id: { type: "string", pattern: "^[0-9a-f-]{36}$" } },
  required: ["id"],
} as const;

const body = {
  type: "object",
  properties: { numbers: { type: "array", items: { type: "number" }, maxItems: 1000 } },
  required: ["numbers"],
  additionalProperties: false,
} as const;

export function jobRoutes(app: FastifyInstance, { pool, redis, config }: Context): void {
  app.post("/api/v1/jobs", { schema: { body } }, async (request, reply) => {
    const { rows } = await pool.query("INSERT INTO jobs (payload) VALUES ($1) RETURNING id, state", [
      request.body,
    ]);
    const job: { id: string; state: string } = rows[0];
    try {
      await redis.lpush(QUEUE, job.id);
    } catch (error) {
      // Nobody would ever take it.
      await pool.query("DELETE FROM jobs WHERE id = $1", [job.id]);
      throw error;
    }
    return reply.code(202).send({ region: config.region, ...job });
  });

  app.get<{ Params: { id: string } }>(
    "/api/v1/jobs/:id",
    { schema: { params } },
    async ({ params: { id } }, reply) => {
      const { rows } = await pool.query("SELECT id, state, result FROM jobs WHERE id::text = $1", [id]);
      if (rows.length === 0)
        return reply.code(404).send({ error: "not_found", message: "There is no such job." });
      return { region: config.region, ...rows[0] };
    },
  );
}
