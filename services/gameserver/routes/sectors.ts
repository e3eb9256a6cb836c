/** The smallest part of a game that has state: how often a sector was visited. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context";

const params = {
  type: "object",
  properties: { id: { type: "integer", minimum: 1, maximum: 1_000_000 } },
  required: ["id"],
} as const;

interface Route {
  Params: { id: number };
}

export function sectorRoutes(app: FastifyInstance, { pool, config }: Context): void {
  const answer = (sector: number, row?: { visits: string }) => ({
    region: config.region,
    sector,
    visits: Number(row?.visits ?? 0),
  });

  app.post<Route>("/api/v1/sectors/:id/visits", { schema: { params } }, async ({ params: { id } }, reply) => {
    const { rows } = await pool.query(
      `INSERT INTO sector_visits (sector, visits) VALUES ($1, 1)
       ON CONFLICT (sector) DO UPDATE SET visits = sector_visits.visits + 1, last_visit = now()
       RETURNING visits`,
      [id],
    );
    return reply.code(201).send(answer(id, rows[0]));
  });

  app.get<Route>("/api/v1/sectors/:id/visits", { schema: { params } }, async ({ params: { id } }) => {
    const { rows } = await pool.query("SELECT visits FROM sector_visits WHERE sector = $1", [id]);
    return answer(id, rows[0]);
  });
}
