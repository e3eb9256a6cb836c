/** The Nexus' view of the regions: they report themselves, so adding one changes nothing here. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context";
import { type Heartbeat, tokenMatches } from "../registration";
import { createRegistry, type Registry } from "../registry";

const params = {
  type: "object",
  properties: { name: { type: "string", pattern: "^[a-z0-9](-?[a-z0-9])*$", maxLength: 32 } },
  required: ["name"],
} as const;

const body = {
  type: "object",
  properties: {
    players: { type: "integer", minimum: 0 },
    maxPlayers: { type: "integer", minimum: 0 },
    owner: { type: "string", maxLength: 200 },
    version: { type: "string", maxLength: 50 },
    ready: { type: "boolean" },
  },
  required: ["players", "maxPlayers", "version", "ready"],
  additionalProperties: false,
} as const;

interface Report {
  Params: { name: string };
  Body: Heartbeat;
}

export function nexusRoutes(app: FastifyInstance, { config, pool, redis }: Context): void {
  const registry: Registry = createRegistry(pool, redis);

  app.post<Report>(
    "/api/v1/nexus/regions/:name/heartbeat",
    { schema: { params, body } },
    async (request, reply) => {
      const given = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
      if (!config.registrationKey || !tokenMatches(config.registrationKey, request.params.name, given)) {
        return reply.code(401).send({ error: "unauthorized", message: "The region's token is not valid." });
      }
      await registry.report(request.params.name, request.body);
      return reply.code(204).send();
    },
  );

  app.get("/api/v1/nexus/regions", async () => ({ regions: await registry.list() }));
}
