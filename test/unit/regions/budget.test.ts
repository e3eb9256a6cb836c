import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitsByRole, memoryForPlayers, regionBudget } from "../../../catalog/regionBudget";
import {
  CONNECTION_RESERVE,
  connectionsFor,
  connectionsIn,
  memoryForConnections,
} from "../../../config/connections";
import { GB, MB, MIB } from "../../../config/units";
import { REGION_DEFAULTS, REGION_LIMITS } from "../../../regions/defaults";
import type { RegionBudget, RegionResources } from "../../../regions/model";

const size: fc.Arbitrary<RegionResources> = fc.record({
  cpuMillis: fc
    .integer({ min: REGION_LIMITS.cpu.min / 10, max: REGION_LIMITS.cpu.max / 10 })
    .map((step) => step * 10),
  memoryBytes: fc.integer(REGION_LIMITS.memory),
  diskBytes: fc.integer(REGION_LIMITS.disk),
});
const SMALLEST = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
const LARGEST = { cpuMillis: 8000, memoryBytes: 16 * GB, diskBytes: 100 * GB };

/** As many players as the loader lets in with this memory. */
const admitted: fc.Arbitrary<{ resources: RegionResources; players: number }> = fc
  .record({ resources: size, players: fc.integer(REGION_LIMITS.players) })
  .filter(({ resources, players }) => memoryForPlayers(players) <= resources.memoryBytes);

/** Properties at the corners as well: they are what random sizes rarely hit. */
function forAllSizes(check: (resources: RegionResources, budget: RegionBudget) => void): void {
  for (const corner of [SMALLEST, LARGEST, REGION_DEFAULTS.resources])
    for (const hasWorker of [true, false]) check(corner, regionBudget(corner, 100, { hasWorker }));
  check(LARGEST, regionBudget(LARGEST, 1000));
  fc.assert(
    fc.property(admitted, fc.boolean(), ({ resources, players }, hasWorker) =>
      check(resources, regionBudget(resources, players, { hasWorker })),
    ),
    { numRuns: 500 },
  );
}

function sum(budget: RegionBudget, key: "cpuMillis" | "memoryBytes"): number {
  return limitsByRole(budget).reduce((total, [, limits]) => total + limits[key], 0);
}

describe("regionBudget", () => {
  it("never exceeds the region, and wastes next to nothing of it", () => {
    forAllSizes((resources, budget) => {
      expect(sum(budget, "cpuMillis")).toBeLessThanOrEqual(resources.cpuMillis);
      expect(sum(budget, "memoryBytes")).toBeLessThanOrEqual(resources.memoryBytes);
      expect(sum(budget, "cpuMillis")).toBeGreaterThan(resources.cpuMillis - 50);
      expect(sum(budget, "memoryBytes")).toBeGreaterThan(resources.memoryBytes - 5 * MIB);
    });
  });

  it("gives every container what it needs to start, in steps that Docker accepts", () => {
    const needs = { server: 600 * MB, db: 256 * MB, cache: 64 * MB, worker: 256 * MB, storage: 48 * MB };
    forAllSizes((_resources, { limits }) => {
      for (const [role, { cpuMillis, memoryBytes }] of limitsByRole({ limits })) {
        expect(memoryBytes).toBeGreaterThanOrEqual(needs[role]);
        expect(memoryBytes % MIB).toBe(0);
        expect(cpuMillis).toBeGreaterThanOrEqual(50);
        expect(cpuMillis % 10).toBe(0);
      }
    });
  });

  it("never gives less to a container of a larger region", () => {
    fc.assert(
      fc.property(size, size, fc.boolean(), (a, b, hasWorker) => {
        const small = regionBudget(combine(Math.min, a, b), 100, { hasWorker });
        const large = regionBudget(combine(Math.max, a, b), 100, { hasWorker });
        for (const [path, value] of monotonic(small)) {
          expect(new Map(monotonic(large)).get(path), path).toBeGreaterThanOrEqual(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives a worker's part to the others where there is none, and takes no restart for it", () => {
    fc.assert(
      fc.property(size, (resources) => {
        const [beside, without] = [
          regionBudget(resources, 100),
          regionBudget(resources, 100, { hasWorker: false }),
        ];
        expect(without.limits.worker).toBeUndefined();
        const had = new Map(limitsByRole(beside));
        for (const [role, { cpuMillis, memoryBytes }] of limitsByRole(without)) {
          expect(cpuMillis, role).toBeGreaterThanOrEqual(
            had.get(role)?.cpuMillis ?? Number.POSITIVE_INFINITY,
          );
          expect(memoryBytes, role).toBeGreaterThanOrEqual(
            had.get(role)?.memoryBytes ?? Number.POSITIVE_INFINITY,
          );
        }
        expect([without.server, without.postgres.maxConnections]).toEqual([
          beside.server,
          beside.postgres.maxConnections,
        ]);
      }),
    );
  });

  it("has the connections that the game server takes by itself, and memory and processes for all of them", () => {
    forAllSizes((_resources, { postgres, server, limits }) => {
      // Two engines a process, 10 + 20 connections each.
      expect(postgres.maxConnections).toBeGreaterThanOrEqual(server.webWorkers * 60 + CONNECTION_RESERVE);
      const left = limits.db.memoryBytes - postgres.sharedBuffersBytes - 32 * MIB;
      expect(left / postgres.maxConnections).toBeGreaterThanOrEqual(2 * MIB);
      expect(postgres.workMemBytes * postgres.maxConnections).toBeLessThanOrEqual(left / 2);
      expect(limits.db.pids).toBeGreaterThan(postgres.maxConnections + 50);
    });
  });

  it("lets no engine wait for its pool while the database has connections, and keeps room for every engine", () => {
    forAllSizes((_resources, { postgres, server, worker }) => {
      const free = postgres.maxConnections - CONNECTION_RESERVE;
      for (const { poolSize, maxOverflow } of [server, worker]) expect(poolSize + maxOverflow).toBe(free);
      const engines = 2 * (server.webWorkers + worker.webWorkers);
      expect(server.poolSize).toBe(5);
      expect(engines * server.poolSize).toBeLessThanOrEqual(free);
    });
  });

  it("has more connections for more players, one and a fifth for each of many", () => {
    const max = (players: number) => connectionsFor(players, 2).max;
    expect([10, 100, 500, 1000].map(max)).toEqual([160, 160, 640, 1240]);
  });

  it("takes what somebody says of connections, and fits the rest to it", () => {
    expect(connectionsFor(100, 2, { max: 60 })).toEqual({ max: 60, pool: 5, overflow: 45 });
    expect(connectionsFor(100, 2, { pool: 3, overflow: 2, max: 40 })).toEqual({
      max: 40,
      pool: 3,
      overflow: 2,
    });
    expect(connectionsFor(100, 2, { pool: 20 })).toEqual({ max: 250, pool: 20, overflow: 220 });
    const { server, worker, postgres, limits } = regionBudget(LARGEST, 100, {
      connections: { max: 900, overflow: 7 },
    });
    expect([server.poolSize, server.maxOverflow, worker.maxOverflow]).toEqual([5, 7, 7]);
    expect([postgres.maxConnections, limits.db.pids]).toEqual([900, 964]);
  });

  it("tunes PostgreSQL to its share", () => {
    forAllSizes(({ diskBytes }, { postgres, limits }) => {
      const share = postgres.sharedBuffersBytes / limits.db.memoryBytes;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThanOrEqual(0.25);
      expect(postgres.effectiveCacheSizeBytes).toBeGreaterThan(postgres.sharedBuffersBytes);
      expect(postgres.effectiveCacheSizeBytes).toBeLessThan(limits.db.memoryBytes);
      expect(postgres.maintenanceWorkMemBytes).toBeLessThanOrEqual(limits.db.memoryBytes / 16);
      expect(postgres.workMemBytes).toBeGreaterThanOrEqual(MIB);
      expect(postgres.maxWalSizeBytes).toBeLessThanOrEqual(diskBytes / 8);
      expect(postgres.shmBytes).toBe(256 * MIB);
    });
  });

  it("leaves Redis memory to fork and disk to rewrite its file", () => {
    forAllSizes(({ diskBytes }, { redis, limits }) => {
      expect(redis.maxMemoryBytes).toBeLessThanOrEqual(limits.cache.memoryBytes * 0.6);
      expect(redis.maxMemoryBytes).toBeLessThanOrEqual(diskBytes / 8);
      expect(redis.maxMemoryBytes).toBeGreaterThanOrEqual(32 * MIB);
    });
  });

  it("runs the web workers that its players need, in memory that holds them", () => {
    const workers = (players: number) => regionBudget(LARGEST, players).server.webWorkers;
    expect([10, 100, 101, 500, 700, 1000].map(workers)).toEqual([2, 2, 3, 6, 8, 8]);
    forAllSizes((_resources, { server, worker, limits }) => {
      expect(limits.server.memoryBytes).toBeGreaterThanOrEqual(server.webWorkers * 350 * MIB);
      expect(worker.webWorkers).toBe(1);
    });
  });

  it("admits the smallest memory for a number of players, and not a MiB less", () => {
    const holds = (players: number, memoryBytes: number): boolean => {
      const { limits, server, postgres } = regionBudget({ ...LARGEST, memoryBytes }, players);
      return (
        limits.server.memoryBytes >= server.webWorkers * 350 * MIB &&
        connectionsIn(limits.db.memoryBytes) >= postgres.maxConnections
      );
    };
    for (const players of [101, 200, 500, 1000]) {
      expect(holds(players, memoryForPlayers(players)), `${players}`).toBe(true);
      expect(holds(players, memoryForPlayers(players) - MIB), `${players}`).toBe(false);
    }
    expect(memoryForPlayers(100)).toBeLessThanOrEqual(SMALLEST.memoryBytes);
    // Then only the server's processes count.
    expect(memoryForPlayers(1000, { max: 500 })).toBeLessThan(memoryForPlayers(1000));
  });

  it("knows the smallest memory of a database for a number of connections, and not a MiB less", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 3000 }), (max) => {
        const least = memoryForConnections(max);
        expect(connectionsIn(least)).toBeGreaterThanOrEqual(max);
        expect(connectionsIn(least - MIB)).toBeLessThan(max);
      }),
    );
  });

  it("changes nothing that takes a restart when a region is resized", () => {
    fc.assert(
      fc.property(size, size, fc.integer(REGION_LIMITS.players), (a, b, players) => {
        const restarts = ({ server, worker, postgres }: RegionBudget) => [
          server,
          worker,
          postgres.maxConnections,
        ];
        expect(restarts(regionBudget(a, players))).toEqual(restarts(regionBudget(b, players)));
      }),
    );
  });

  // Exact: a change of these numbers resizes every region that exists, so it must be seen.
  it("splits the default region like this", () => {
    const { limits, ...rest } = regionBudget(REGION_DEFAULTS.resources, REGION_DEFAULTS.players);
    const shown = (budget: Pick<RegionBudget, "limits">) =>
      limitsByRole(budget).map(([role, own]) => [role, own.cpuMillis, own.memoryBytes / MIB]);
    expect(shown(regionBudget(REGION_DEFAULTS.resources, 100, { hasWorker: false }))).toEqual([
      ["server", 1180, 1861],
      ["db", 580, 1392],
      ["cache", 160, 418],
      ["storage", 80, 141],
    ]);
    expect(shown({ limits })).toEqual([
      ["server", 1000, 1625],
      ["db", 470, 1130],
      ["cache", 150, 373],
      ["worker", 300, 551],
      ["storage", 80, 133],
    ]);
    expect(rest.server).toEqual({ webWorkers: 2, poolSize: 5, maxOverflow: 145 });
    expect(rest.postgres.maxConnections).toBe(160);
    expect(rest.redis.maxMemoryBytes).toBe(205 * MIB);
  });
});

function combine(
  choose: (a: number, b: number) => number,
  a: RegionResources,
  b: RegionResources,
): RegionResources {
  return {
    cpuMillis: choose(a.cpuMillis, b.cpuMillis),
    memoryBytes: choose(a.memoryBytes, b.memoryBytes),
    diskBytes: choose(a.diskBytes, b.diskBytes),
  };
}

/** Everything that must not shrink when a region grows. `work_mem` may: more connections share the memory. */
function monotonic(budget: RegionBudget): [string, number][] {
  const { limits, postgres, redis, server } = budget;
  return [
    ...limitsByRole({ limits }).flatMap(([role, { cpuMillis, memoryBytes }]): [string, number][] => [
      [`${role} CPU`, cpuMillis],
      [`${role} memory`, memoryBytes],
    ]),
    ...Object.entries({ ...postgres, workMemBytes: 0 }),
    ["maxmemory", redis.maxMemoryBytes],
    ...Object.entries(server),
  ];
}
