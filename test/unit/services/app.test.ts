import type { FastifyInstance } from "fastify";
import type { Redis } from "ioredis";
import type { Pool } from "pg";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../services/gameserver/app";
import { type Config, readConfig } from "../../../services/gameserver/config";
import { createMetrics } from "../../../services/gameserver/metrics";
import { Players } from "../../../services/gameserver/players";
import { type Dependencies, judge } from "../../../services/gameserver/readiness";
import { regionToken } from "../../../services/gameserver/registration";

const ENV = {
  SERVICE_TYPE: "region",
  REGION_NAME: "aurora",
  ENVIRONMENT: "production",
  DATABASE_URL: "postgresql://app:pw@db:5432/game",
  REDIS_URL: "redis://app:pw@cache:6379/0",
  JWT_SECRET: "j".repeat(32),
  ADMIN_USERNAME: "admin",
  ADMIN_PASSWORD: "p".repeat(12),
  ARIA_ENCRYPTION_KEY: `${"A".repeat(43)}=`,
};

const LOCAL = { host: "localhost" };
let app: FastifyInstance;
let query: ReturnType<typeof vi.fn>;

async function start(env: Record<string, string> = {}, databaseError?: object): Promise<void> {
  const config = (readConfig({ ...ENV, ...env }) as { config: Config }).config;
  query = vi.fn(async () => {
    if (databaseError) throw databaseError;
    return { rows: [{ time: "now", visits: "4" }] };
  });
  const pool = { query, idleCount: 1, totalCount: 1, waitingCount: 0 } as unknown as Pool;
  const redis = { get: async () => null, set: async () => "OK", mget: async () => [] } as unknown as Redis;
  const players = new Players(config.maxPlayers);
  const dependencies = {
    schema: 1,
    check: async () => judge(databaseError, undefined),
  } as unknown as Dependencies;
  const metrics = createMetrics(config.region, pool, players);
  app = await createApp({ config, pool, redis, players, dependencies, metrics });
}

afterEach(() => app.close());

describe("the game server", () => {
  it("refuses other host names outside development", async () => {
    await start();
    const answer = await app.inject({
      url: "/api/v1/status",
      headers: { host: "region-aurora-server:8080" },
    });
    expect([answer.statusCode, answer.body]).toEqual([400, "Invalid host header"]);
  });

  it("lets a scraper in, who cannot choose its host header", async () => {
    await start();
    const answer = await app.inject({ url: "/metrics", headers: { host: "region-aurora-server:8080" } });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('sectorwars_active_players{region="aurora"} 0');
  });

  it("refuses a request meant for another region", async () => {
    await start();
    const url = "/api/v1/status/health";
    const other = await app.inject({ url, headers: { ...LOCAL, "x-region-name": "borealis" } });
    expect([other.statusCode, other.json().error]).toEqual([421, "wrong_region"]);
    expect((await app.inject({ url, headers: { ...LOCAL, "x-region-name": "aurora" } })).statusCode).toBe(
      200,
    );
  });

  it("redirects a trailing slash with an absolute address made from Host", async () => {
    await start();
    const answer = await app.inject({ url: "/api/v1/regions-info/?a=1", headers: LOCAL });
    expect([answer.statusCode, answer.headers.location]).toEqual([
      307,
      "http://localhost/api/v1/regions-info?a=1",
    ]);
    expect((await app.inject({ url: "/api/v1/nothing/", headers: LOCAL })).statusCode).toBe(404);
  });

  it("is alive but not ready without its database", async () => {
    await start({}, { code: "ECONNREFUSED" });
    const get = async (url: string) => (await app.inject({ url, headers: LOCAL })).statusCode;
    expect(await get("/api/v1/status/health")).toBe(200);
    expect(await get("/health")).toBe(503);
    expect(await get("/api/v1/status")).toBe(503);
    expect(await get("/api/v1/sectors/1/visits")).toBe(503);
    expect((await app.inject({ url: "/health", headers: LOCAL })).json().checks).toEqual({
      database: "unavailable (ECONNREFUSED)",
      cache: "ok",
    });
  });

  it.each(["0", "1000001", "x", "1.5"])("knows no sector %s", async (sector) => {
    await start();
    const answer = await app.inject({
      method: "POST",
      url: `/api/v1/sectors/${sector}/visits`,
      headers: LOCAL,
    });
    expect(answer.statusCode).toBe(400);
    expect(query).not.toHaveBeenCalled();
  });

  it("shows what arrived", async () => {
    await start();
    const headers = { ...LOCAL, "x-forwarded-for": "203.0.113.9, 10.0.0.1", "x-forwarded-host": "play.test" };
    expect((await app.inject({ url: "/api/v1/whoami?a=1", headers })).json()).toMatchObject({
      client: "203.0.113.9",
      host: "localhost",
      forwardedHost: "play.test",
      path: "/api/v1/whoami?a=1",
    });
  });
});

describe("the Nexus", () => {
  const report = (token: string) =>
    app.inject({
      method: "POST",
      url: "/api/v1/nexus/regions/aurora/heartbeat",
      headers: { ...LOCAL, authorization: `Bearer ${token}` },
      payload: { players: 0, maxPlayers: 10, version: "1", ready: true },
    });

  it("takes a region's report with its own token only", async () => {
    await start({ SERVICE_TYPE: "nexus", NEXUS_REGISTRATION_KEY: "key" });
    expect((await report(regionToken("key", "aurora"))).statusCode).toBe(204);
    expect((await report(regionToken("key", "borealis"))).statusCode).toBe(401);
    expect((await report("")).statusCode).toBe(401);
  });

  it("takes no report without a key", async () => {
    await start({ SERVICE_TYPE: "nexus" });
    expect((await report(regionToken("", "aurora"))).statusCode).toBe(401);
  });
});
