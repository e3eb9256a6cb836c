import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastNexusCpuMillis } from "../../../catalog/nexusBudget";
import { leastCpuMillis, limitsByRole, regionBudget } from "../../../catalog/regionBudget";
import { REGION_LIMITS } from "../../../regions/defaults";
import { CHEAP, healthInterval, healthTimeout, patience, slowStartSeconds } from "../../../regions/patience";

const REAL = { startCpuSeconds: 20, healthCpuSeconds: 0.01 };
const PYTHON = { ...REAL, healthCpuSeconds: 0.3 };

describe("patience", () => {
  it("is several times what the start takes on the container's own CPU, and never short", () => {
    expect(patience(CHEAP, 50)).toBe(120);
    expect(patience(REAL, 8000)).toBe(330);
    expect(patience(REAL, leastCpuMillis("server"))).toBe(480);
    expect(patience({ ...REAL, startCpuSeconds: 15 }, leastCpuMillis("worker"))).toBe(670);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 10, max: 8000 }), (seconds, millis) => {
        const needs = { ...REAL, startCpuSeconds: seconds };
        expect(patience(needs, millis)).toBeGreaterThan((4 * seconds * 1000) / millis);
      }),
    );
  });

  it("tells a preview how long a slow start takes", () => {
    expect(slowStartSeconds(patience(REAL, 500), 500)).toBe(40);
    expect(slowStartSeconds(patience(REAL, 8000), 8000)).toBeUndefined();
    expect(slowStartSeconds(patience(CHEAP, 500), 500)).toBeUndefined();
  });
});

describe("health tests", () => {
  it("run as often as the settings say where they are cheap", () => {
    for (const role of ["server", "worker"] as const)
      expect(healthInterval(REAL, 2, leastCpuMillis(role))).toBe(2);
    expect(healthInterval(CHEAP, 2, 10)).toBe(2);
  });

  it("run less often where they are dear: no region's smallest part pays more than a twentieth for them", () => {
    expect(healthInterval(PYTHON, 10, leastNexusCpuMillis("server"))).toBe(10);
    expect(healthInterval(PYTHON, 10, leastCpuMillis("server"))).toBe(15);
    expect(healthInterval(PYTHON, 10, leastCpuMillis("worker"))).toBe(50);
    for (const role of ["server", "worker"] as const) {
      const paid = PYTHON.healthCpuSeconds / healthInterval(PYTHON, 1, leastCpuMillis(role));
      expect(paid).toBeLessThanOrEqual(leastCpuMillis(role) / 1000 / 20);
    }
  });

  it("may take longer where they are dear, as they run on what their container has", () => {
    expect(healthTimeout(REAL, leastCpuMillis("worker"))).toBe(5);
    expect(healthTimeout(PYTHON, leastCpuMillis("server"))).toBe(6);
    expect(healthTimeout(PYTHON, leastCpuMillis("worker"))).toBe(20);
  });

  it("know the least that a container may have", () => {
    for (const hasWorker of [true, false]) {
      const smallest = { cpuMillis: REGION_LIMITS.cpu.min, memoryBytes: REGION_LIMITS.memory.min };
      const budget = regionBudget({ ...smallest, diskBytes: REGION_LIMITS.disk.min }, 100, { hasWorker });
      for (const [role, { cpuMillis }] of limitsByRole(budget))
        expect(leastCpuMillis(role), role).toBeLessThanOrEqual(cpuMillis);
    }
  });
});
