/** The HTTP server: what holds for every request, and the routes. */
import websocket from "@fastify/websocket";
import Fastify, { type FastifyInstance } from "fastify";
import { holdConnections } from "./blocking";
import type { Context } from "./context";
import { hostAllowed } from "./host";
import { log, reasonOf } from "./log";
import { assetRoutes } from "./routes/assets";
import { jobRoutes } from "./routes/jobs";
import { nexusRoutes } from "./routes/nexus";
import { playerRoutes } from "./routes/players";
import { sectorRoutes } from "./routes/sectors";
import { statusRoutes } from "./routes/status";
import { streamRoutes } from "./routes/stream";

const BODY_LIMIT = 10_000_000;
const SOCKET_MESSAGE_LIMIT = 65_536;

export async function createApp(context: Context): Promise<FastifyInstance> {
  const { config } = context;
  const app = Fastify({ logger: false, bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  await app.register(websocket, { options: { maxPayload: SOCKET_MESSAGE_LIMIT } });
  guard(app, context);
  handleErrors(app);
  if (config.blocking && context.blockingPool) {
    holdConnections(app, context.blockingPool, { size: config.poolSize, overflow: config.blocking.overflow });
  }
  statusRoutes(app, context);
  streamRoutes(app);
  sectorRoutes(app, context);
  playerRoutes(app, context);
  if (config.service === "nexus") {
    nexusRoutes(app, context);
  } else {
    jobRoutes(app, context);
    assetRoutes(app, context);
  }
  return app;
}

function guard(app: FastifyInstance, { config, metrics }: Context): void {
  app.addHook("onRequest", async (request, reply) => {
    // A scraper cannot choose its Host header.
    if (request.url !== "/metrics" && !hostAllowed(request.headers.host, config.environment)) {
      return reply.code(400).type("text/plain").send("Invalid host header");
    }
    // The gateway names the region that it means. After addresses have moved, it may reach another one.
    const meant = request.headers["x-region-name"];
    if (meant !== undefined && meant !== config.region) {
      return reply
        .code(421)
        .send({ error: "wrong_region", message: `This is ${config.region}, not ${meant}.` });
    }
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
  });
}

/** Failures of the database, the cache or the storage: no status of their own, so they are not the client's fault. */
function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: { statusCode?: number; message?: string }, request, reply) => {
    if (error.statusCode && error.statusCode < 500) {
      return reply.code(error.statusCode).send({ error: "bad_request", message: error.message });
    }
    const reason = reasonOf(error);
    log("error", "request failed", { method: request.method, route: request.routeOptions.url, reason });
    return reply
      .code(503)
      .send({ error: "unavailable", message: `A part of this server does not answer (${reason}).` });
  });
  app.setNotFoundHandler((request, reply) => {
    const [path = "", query] = request.url.split("?");
    if (path.endsWith("/") && app.hasRoute({ method: "GET", url: path.slice(0, -1) })) {
      // As the real server does, with an absolute address made from Host: the gateway has to rewrite it.
      const scheme = request.headers["x-forwarded-proto"] ?? "http";
      const target = path.slice(0, -1) + (query === undefined ? "" : `?${query}`);
      return reply.redirect(`${scheme}://${request.headers.host}${target}`, 307);
    }
    return reply.code(404).send({ error: "not_found", message: `There is no ${path}.` });
  });
}
