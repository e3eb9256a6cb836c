/** Prometheus metrics, all with the label `region`. */

import type { Pool } from "pg";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Players } from "./players";
import type { Readiness } from "./readiness";

export interface Metrics {
  observe(method: string, route: string, status: number, seconds: number): void;
  dependencies(readiness: Readiness): void;
  text(): Promise<{ type: string; body: string }>;
}

export function createMetrics(region: string, pool: Pool, players: Players): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registry.setDefaultLabels({ region });
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: "sectorwars_request_duration_seconds",
    help: "Time to answer an HTTP request",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.025, 0.1, 0.5, 2],
    registers,
  });
  const up = new Gauge({
    name: "sectorwars_dependency_up",
    help: "1 when the dependency answered the last check",
    labelNames: ["dependency"],
    registers,
  });
  new Gauge({
    name: "sectorwars_active_players",
    help: "Players connected by WebSocket",
    registers,
    collect() {
      this.set(players.count);
    },
  });
  new Gauge({
    name: "sectorwars_db_connections",
    help: "Connections of the pool",
    labelNames: ["state"],
    registers,
    collect() {
      this.set({ state: "idle" }, pool.idleCount);
      this.set({ state: "used" }, pool.totalCount - pool.idleCount);
      this.set({ state: "awaited" }, pool.waitingCount);
    },
  });
  return {
    observe: (method, route, status, seconds) => duration.observe({ method, route, status }, seconds),
    dependencies: ({ checks }) => {
      for (const [dependency, text] of Object.entries(checks)) up.set({ dependency }, text === "ok" ? 1 : 0);
    },
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
