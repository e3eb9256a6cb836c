import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CONNECTION_RESERVE } from "../../../config/tuning";
import { GB, MB, MIB } from "../../../config/units";
import { regionBudget } from "../../../regions/budget";
import { REGION_DEFAULTS, REGION_LIMITS } from "../../../regions/defaults";
import { REGION_ROLES, type RegionBudget, type RegionResources } from "../../../regions/model";

const size: fc.Arbitrary<RegionResources> = fc.record({
  cpuMillis: fc
    .integer({ min: REGION_LIMITS.cpu.min / 10, max: REGION_LIMITS.cpu.max / 10 })
    .map((step) => step * 10),
  memoryBytes: fc.integer(REGION_LIMITS.memory),
  diskBytes: fc.integer(REGION_LIMITS.disk),
});
const SMALLEST = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
const LARGEST = { cpuMillis: 8000, memoryBytes: 16 * GB, diskBytes: 100 * GB };

/** Properties at the corners as well: they are what random sizes rarely hit. */
function forAllSizes(check: (resources: RegionResources, budget: RegionBudget) => void): void {
  for (const corner of [SMALLEST, LARGEST, REGION_DEFAULTS.resources]) check(corner, regionBudget(corner));
  fc.assert(
    fc.property(size, (resources) => check(resources, regionBudget(resources))),
    { numRuns: 500 },
  );
}

function sum(budget: RegionBudget, key: "cpuMillis" | "memoryBytes"): number {
  return REGION_ROLES.reduce((total, role) => total + budget.limits[role][key], 0);
}

describe("regionBudget", () => {
  it("never exceeds the region, and wastes next to nothing of it", () => {
    forAllSizes((resources, budget) => {
      expect(sum(budget, "cpuMillis")).toBeLessThanOrEqual(resources.cpuMillis);
      expect(sum(budget, "memoryBytes")).toBeLessThanOrEqual(resources.memoryBytes);
      expect(sum(budget, "cpuMillis")).toBeGreaterThan(resources.cpuMillis - 50);
      expect(sum(budget, "memoryBytes")).toBeGreaterThan(resources.memoryBytes - 5 * MIB);
      const { dbBytes, cacheBytes, storageBytes } = budget.disk;
      expect(dbBytes + cacheBytes + storageBytes).toBeLessThanOrEqual(resources.diskBytes);
      expect(dbBytes + cacheBytes + storageBytes).toBeGreaterThan(resources.diskBytes - 3 * MIB);
    });
  });

  it("gives every container what it needs to start, in steps that Docker accepts", () => {
    const needs = { server: 600 * MB, db: 256 * MB, cache: 64 * MB, worker: 256 * MB, storage: 48 * MB };
    forAllSizes((_resources, { limits }) => {
      for (const role of REGION_ROLES) {
        expect(limits[role].memoryBytes).toBeGreaterThanOrEqual(needs[role]);
        expect(limits[role].memoryBytes % MIB).toBe(0);
        expect(limits[role].cpuMillis).toBeGreaterThanOrEqual(50);
        expect(limits[role].cpuMillis % 10).toBe(0);
      }
    });
  });

  it("never gives less to a container of a larger region", () => {
    fc.assert(
      fc.property(size, size, (a, b) => {
        const small = regionBudget(combine(Math.min, a, b));
        const large = regionBudget(combine(Math.max, a, b));
        for (const [path, value] of monotonic(small)) {
          expect(new Map(monotonic(large)).get(path), path).toBeGreaterThanOrEqual(value);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("has connections for all pools, and memory for all connections", () => {
    forAllSizes((_resources, { postgres, server, worker, limits }) => {
      const pools = [server, worker].map((s) => s.webWorkers * 2 * (s.poolSize + s.maxOverflow));
      const demand = pools.reduce((total, pool) => total + pool, 0);
      expect(postgres.maxConnections).toBe(demand + CONNECTION_RESERVE);
      const left = limits.db.memoryBytes - postgres.sharedBuffersBytes;
      expect(left / postgres.maxConnections).toBeGreaterThanOrEqual(8 * MIB);
      expect(postgres.workMemBytes * postgres.maxConnections).toBeLessThanOrEqual(left / 2);
    });
  });

  it("tunes PostgreSQL to its share", () => {
    forAllSizes((_resources, { postgres, limits, disk }) => {
      const share = postgres.sharedBuffersBytes / limits.db.memoryBytes;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThanOrEqual(0.25);
      expect(postgres.effectiveCacheSizeBytes).toBeGreaterThan(postgres.sharedBuffersBytes);
      expect(postgres.effectiveCacheSizeBytes).toBeLessThan(limits.db.memoryBytes);
      expect(postgres.maintenanceWorkMemBytes).toBeLessThanOrEqual(limits.db.memoryBytes / 16);
      expect(postgres.workMemBytes).toBeGreaterThanOrEqual(MIB);
      expect(postgres.maxWalSizeBytes).toBeLessThanOrEqual(disk.dbBytes / 8);
      expect(postgres.shmBytes).toBe(256 * MIB);
    });
  });

  it("leaves Redis memory to fork and disk to rewrite its file", () => {
    forAllSizes((_resources, { redis, limits, disk }) => {
      expect(redis.maxMemoryBytes).toBeLessThanOrEqual(limits.cache.memoryBytes * 0.6);
      expect(redis.maxMemoryBytes).toBeLessThanOrEqual(disk.cacheBytes / 3);
      expect(redis.maxMemoryBytes).toBeGreaterThanOrEqual(32 * MIB);
    });
  });

  it("runs as many web workers as both memory and CPU allow, and at least two", () => {
    expect(regionBudget(SMALLEST).server.webWorkers).toBe(2);
    expect(regionBudget(REGION_DEFAULTS.resources).server.webWorkers).toBe(3);
    expect(regionBudget({ ...SMALLEST, cpuMillis: 8000 }).server.webWorkers).toBe(2);
    expect(regionBudget({ ...SMALLEST, memoryBytes: 16 * GB }).server.webWorkers).toBe(2);
    expect(regionBudget(LARGEST).server.webWorkers).toBe(8);
    forAllSizes((_resources, { server, worker, limits }) => {
      expect(limits.server.memoryBytes).toBeGreaterThanOrEqual(server.webWorkers * 300 * MB);
      expect(worker.webWorkers).toBe(1);
    });
  });

  // Exact: a change of these numbers resizes every region that exists, so it must be seen.
  it("splits the default region like this", () => {
    const { limits, ...rest } = regionBudget(REGION_DEFAULTS.resources);
    const shown = REGION_ROLES.map((role) => [role, limits[role].cpuMillis, limits[role].memoryBytes / MIB]);
    expect(shown).toEqual([
      ["server", 1000, 1625],
      ["db", 470, 1130],
      ["cache", 150, 373],
      ["worker", 300, 551],
      ["storage", 80, 133],
    ]);
    expect(rest.server).toEqual({ webWorkers: 3, poolSize: 4, maxOverflow: 2 });
    expect(rest.postgres.maxConnections).toBe(58);
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
  const { limits, disk, postgres, redis, server } = budget;
  return [
    ...REGION_ROLES.map((role): [string, number] => [`${role} CPU`, limits[role].cpuMillis]),
    ...REGION_ROLES.map((role): [string, number] => [`${role} memory`, limits[role].memoryBytes]),
    ...Object.entries(disk),
    ...Object.entries({ ...postgres, workMemBytes: 0 }),
    ["maxmemory", redis.maxMemoryBytes],
    ...Object.entries(server),
  ];
}
