/** Health, status and metrics. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context";
import { clientAddress } from "../host";
import { within } from "../timeout";
import { VERSION } from "../version";

const STATUS_MS = 1900;

export function statusRoutes(app: FastifyInstance, context: Context): void {
  const { config, dependencies, metrics, players, pool } = context;
  const self = { service: config.service, region: config.region };

  // Readiness: may this server be sent requests?
  app.get("/health", async (_, reply) => {
    const { ready, checks } = await dependencies.check();
    metrics.dependencies({ ready, checks });
    return reply.code(ready ? 200 : 503).send({ status: ready ? "healthy" : "unhealthy", ...self, checks });
  });

  // Liveness: 200 for as long as the process answers at all, as the real server does.
  app.get("/api/v1/status/health", async () => ({ status: "healthy", ...self }));

  app.get("/api/v1/status", async (_, reply) => {
    const started = Date.now();
    const { ready, checks } = await dependencies.check();
    if (!ready) return reply.code(503).send({ status: "unavailable", ...self, checks });
    const left = STATUS_MS - (Date.now() - started);
    const { rows } = await within(
      left,
      pool.query("SELECT now() AS time, coalesce(sum(visits), 0)::int AS visits FROM sector_visits"),
    );
    return {
      status: "ok",
      ...self,
      version: VERSION,
      regionId: config.regionId,
      owner: config.owner,
      players: players.count,
      maxPlayers: config.maxPlayers,
      game: config.game,
      database: { time: rows[0].time, schema: dependencies.schema, visits: rows[0].visits },
    };
  });

  app.get("/api/v1/regions-info", async () => ({ ...self, owner: config.owner, game: config.game }));

  // What arrived here, to see what the gateway does to a request.
  app.get("/api/v1/whoami", async (request) => ({
    ...self,
    client: clientAddress(request.headers["x-forwarded-for"], request.socket.remoteAddress),
    peer: request.socket.remoteAddress,
    host: request.headers.host,
    forwardedFor: request.headers["x-forwarded-for"],
    forwardedHost: request.headers["x-forwarded-host"],
    forwardedProto: request.headers["x-forwarded-proto"],
    path: request.url,
    headers: Object.keys(request.headers).sort(),
  }));

  app.get("/metrics", async (_, reply) => {
    const { type, body } = await metrics.text();
    return reply.type(type).send(body);
  });
}
