import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nexusResources } from "../../../catalog/nexusBudget";
import { GB, GIB } from "../../../config/units";
import {
  type AdmissionRules,
  type Amounts,
  admit,
  howMany,
  minus,
  RESOURCES,
  roomFor,
  type Sized,
  sumOf,
} from "../../../regions/capacity";
import { REGION_LIMITS } from "../../../regions/defaults";
import type { RegionResources } from "../../../regions/model";
import { hostFor } from "../../support/specification";

const size: fc.Arbitrary<RegionResources> = fc.record({
  cpuMillis: fc.integer(REGION_LIMITS.cpu),
  memoryBytes: fc.integer(REGION_LIMITS.memory),
  diskBytes: fc.integer(REGION_LIMITS.disk),
});
/** Regions in any order, each with a slot of its own. */
const regions: fc.Arbitrary<Sized[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 20 })
  .chain((slots) => fc.tuple(...slots.map((slot) => size.map((resources) => ({ slot, resources })))));
const room: fc.Arbitrary<Amounts> = fc.record(
  {
    cpuMillis: fc.integer({ min: -5000, max: 100_000 }),
    memoryBytes: fc.integer({ min: -5 * GB, max: 200 * GB }),
    diskBytes: fc.integer({ min: -5 * GB, max: 1000 * GB }),
  },
  { requiredKeys: ["cpuMillis", "memoryBytes"] },
);

/** The rule itself, said in another way than the code says it. */
function holds(there: Amounts, resources: RegionResources): boolean {
  return RESOURCES.every((key) => resources[key] <= (there[key] ?? Number.POSITIVE_INFINITY));
}

const fits = (there: Amounts, all: Sized[]) => admit(there, all).shortages.length === 0;

describe("admit", () => {
  it("admits exactly what adds up to no more than the room, in every resource that is known", () => {
    fc.assert(
      fc.property(room, regions, (there, all) => {
        expect(fits(there, all)).toBe(holds(there, sumOf(all)));
      }),
    );
  });

  it("names the fewest last regions: the rest fits, and with one more it does not", () => {
    fc.assert(
      fc.property(room, regions, (there, all) => {
        const admission = admit(there, all);
        const { last } = admission;
        if (admission.shortages.length === 0) {
          expect(last).toEqual([]);
          return;
        }
        const rest = all.filter((region) => !last.includes(region));
        expect(last).toEqual([...last].sort((a, b) => a.slot - b.slot));
        const [first] = last;
        if (!first) {
          // Nobody can go any more: the Nexus alone is too large.
          expect(all).toEqual([]);
          return;
        }
        for (const region of rest) expect(region.slot).toBeLessThan(first.slot);
        expect(holds(there, sumOf([...rest, first]))).toBe(false);
        if (rest.length > 0) expect(holds(there, sumOf(rest))).toBe(true);
      }),
    );
  });

  it("says by how much, for every resource that is short and no other", () => {
    fc.assert(
      fc.property(room, regions, (there, all) => {
        const admission = admit(there, all);
        const sum = sumOf(all);
        const short = RESOURCES.filter((key) => sum[key] > (there[key] ?? Number.POSITIVE_INFINITY));
        const found = admission.shortages;
        expect(found.map(({ resource }) => resource)).toEqual(short);
        for (const { resource, wanted, room } of found) {
          expect([wanted, room]).toEqual([sum[resource], there[resource]]);
        }
      }),
    );
  });

  it("gives the same answer in whatever order the regions come", () => {
    fc.assert(
      fc.property(room, regions, (there, all) => {
        expect(admit(there, [...all].reverse())).toEqual(admit(there, all));
      }),
    );
  });

  it("takes a region out and everything that fitted still fits", () => {
    fc.assert(
      fc.property(room, regions, fc.nat(), (there, all, index) => {
        fc.pre(all.length > 0 && fits(there, all));
        const without = all.filter((_, at) => at !== index % all.length);
        const left = minus(there, sumOf(without));
        expect(fits(there, without)).toBe(true);
        expect(RESOURCES.every((key) => (left[key] ?? 0) >= 0)).toBe(true);
      }),
    );
  });
});

describe("howMany", () => {
  it("counts regions that fit together, and not one more", () => {
    fc.assert(
      fc.property(room, size, fc.integer({ min: 0, max: 255 }), (there, resources, taken) => {
        const { count, bound, by } = howMany(there, resources, taken);
        const regions = Array.from({ length: count }, (_, slot) => ({ slot, resources }));
        if (count > 0) expect(fits(there, regions)).toBe(true);
        const another = fits(there, [...regions, { slot: count, resources }]);
        expect(another && count + taken < 255).toBe(false);
        expect(by[bound]).toBe(count);
        expect(Math.min(...Object.values(by))).toBe(count);
        expect("diskBytes" in by).toBe(there.diskBytes !== undefined);
      }),
    );
  });

  it("ends with the slots where the host is large enough", () => {
    const there = { cpuMillis: 10_000_000, memoryBytes: 10_000 * GB, diskBytes: 100_000 * GB };
    expect(howMany(there, SMALL, 250)).toMatchObject({ count: 5, bound: "slots" });
    expect(howMany(there, SMALL, 255)).toMatchObject({ count: 0, bound: "slots" });
  });
});

describe("roomFor", () => {
  const nexus = { cpuMillis: 2500, memoryBytes: 2 * GB, diskBytes: 12 * GB };
  const host = { cpuMillis: 8000, memoryBytes: 16 * GB, diskBytes: 100 * GB };
  const rules = (cpuOvercommit: number): AdmissionRules => ({
    cpuOvercommit,
    reserve: { cpuMillis: 1000, memoryBytes: GB, diskBytes: 20 * GB },
  });

  it("takes reserve and Nexus off, and multiplies nothing but CPU", () => {
    expect(roomFor(host, rules(1), nexus)).toEqual({
      cpuMillis: 4500,
      memoryBytes: 13 * GB,
      diskBytes: 68 * GB,
    });
    for (let hundredths = 100; hundredths <= 1000; hundredths += 1) {
      const { cpuMillis, ...rest } = roomFor(host, rules(hundredths / 100), nexus);
      expect(cpuMillis).toBe(70 * hundredths - 2500);
      expect(rest).toEqual({ memoryBytes: 13 * GB, diskBytes: 68 * GB });
    }
  });

  it("says nothing about a disk that was not measured", () => {
    const { diskBytes: _, ...unmeasured } = host;
    expect("diskBytes" in roomFor(unmeasured, rules(1), nexus)).toBe(false);
  });

  it("is the inverse of hostFor", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), size, (count, resources) => {
        const least = hostFor(count, resources, rules(1), nexus);
        expect(howMany(roomFor(least, rules(1), nexus), resources, 0).count).toBe(count);
      }),
    );
  });
});

const SMALL = { cpuMillis: 2000, memoryBytes: 3 * GB, diskBytes: 20 * GB };
const LARGE = { cpuMillis: 4000, memoryBytes: 6 * GB, diskBytes: 20 * GB };

describe("the specification's host", () => {
  const nexus = nexusResources("specification");
  const rules: AdmissionRules = {
    cpuOvercommit: 1,
    reserve: { cpuMillis: 1000, memoryBytes: GB, diskBytes: 20 * GB },
  };
  const there = roomFor({ cpuMillis: 64_000, memoryBytes: 62 * GIB, diskBytes: 500 * GB }, rules, nexus);

  it("holds 5 regions of 4 CPU and 6 GB, and 10 of 2 CPU and 3 GB, both by memory", () => {
    expect(howMany(there, LARGE, 0)).toMatchObject({
      count: 5,
      bound: "memoryBytes",
      by: { cpuMillis: 10, memoryBytes: 5, diskBytes: 18 },
    });
    expect(howMany(there, SMALL, 0)).toMatchObject({
      count: 10,
      bound: "memoryBytes",
      by: { cpuMillis: 21, memoryBytes: 10, diskBytes: 18 },
    });
  });

  it("leaves the 32 GB that the specification counts with", () => {
    expect(there.memoryBytes / GB).toBeGreaterThan(32);
    expect(there.memoryBytes / GB).toBeLessThan(32.2);
  });

  it("would have to be this large for the specification's 50 regions", () => {
    const need = hostFor(50, SMALL, rules, nexus);
    expect(need.cpuMillis).toBe(120_200);
    expect(need.memoryBytes / GB).toBeCloseTo(184.6, 1);
    expect(need.diskBytes).toBe(1140 * GB);
    expect(hostFor(50, LARGE, rules, nexus).memoryBytes / GB).toBeCloseTo(334.6, 1);
  });
});
