import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SETTINGS_DEFAULTS } from "../../../config/settingsSchema";
import { GB } from "../../../config/units";
import { balance, breakEven, cents, formatCents, type Prices, regionCost } from "../../../regions/cost";
import { REGION_DEFAULTS, REGION_LIMITS } from "../../../regions/defaults";
import type { RegionResources } from "../../../regions/model";
import { usualSizes } from "../../../regions/sizes";
import { costAtBreakEven, SPECIFICATION } from "../../support/specification";

const PRICES: Prices = SETTINGS_DEFAULTS.prices;
const { money } = SPECIFICATION;

const price = fc.integer({ min: 0, max: 100_000 }).map((value) => value / 100);
const prices: fc.Arbitrary<Prices> = fc.record({
  currency: fc.constant("USD"),
  base: price,
  region: price,
  cpu: price,
  memoryGB: price,
  diskGB: price,
  subscription: price,
  citizen: price,
});
const size: fc.Arbitrary<RegionResources> = fc.record({
  cpuMillis: fc.integer(REGION_LIMITS.cpu),
  memoryBytes: fc.integer(REGION_LIMITS.memory),
  diskBytes: fc.integer(REGION_LIMITS.disk),
});

describe("the default prices", () => {
  it("are the specification's: base, revenues, and a region's cost from the smallest to the largest", () => {
    const [smallest, , , , largest] = usualSizes();
    if (!smallest || !largest) throw new Error("no sizes");
    expect([PRICES.base, PRICES.subscription, PRICES.citizen]).toEqual([200, 25, 5]);
    expect(regionCost(PRICES, smallest)).toBe(cents(money.regionFrom));
    expect(regionCost(PRICES, largest)).toBe(cents(money.regionTo));
    expect(regionCost(PRICES, REGION_DEFAULTS.resources)).toBe(640);
  });

  it("break even at 10 of the smallest and 20 of the largest, and the specification's 15 in between", () => {
    expect(breakEven(PRICES, cents(money.regionFrom))).toBe(10);
    expect(breakEven(PRICES, cents(money.regionTo))).toBe(20);
    expect(breakEven(PRICES, costAtBreakEven(PRICES, money.breakEven))).toBe(15);
    expect(breakEven(PRICES, costAtBreakEven(PRICES, money.breakEven) + 1)).toBe(16);
  });
});

describe("breakEven", () => {
  it("is the fewest regions with which a month makes no loss", () => {
    fc.assert(
      fc.property(prices, size, fc.integer({ min: 0, max: 100 }), (rates, resources, citizens) => {
        const enough = breakEven(rates, regionCost(rates, resources), citizens);
        const result = (regions: number): number =>
          balance(rates, Array<RegionResources>(regions).fill(resources), citizens).result;
        if (enough === undefined) {
          expect(result(1)).toBeLessThanOrEqual(result(0));
          expect(result(0)).toBeLessThan(0);
          return;
        }
        // A base price of thousands against a margin of a cent is a number that nobody counts to.
        fc.pre(enough < 10_000);
        expect(result(enough)).toBeGreaterThanOrEqual(0);
        if (enough > 0) expect(result(enough - 1)).toBeLessThan(0);
      }),
    );
  });

  it("is never where a region costs what its owner pays", () => {
    expect(breakEven(PRICES, cents(25))).toBeUndefined();
    expect(breakEven(PRICES, cents(25), 40)).toBe(0);
  });
});

describe("balance", () => {
  it("adds up to the cent", () => {
    fc.assert(
      fc.property(prices, fc.array(size, { maxLength: 30 }), fc.nat(1000), (rates, regions, citizens) => {
        const {
          base,
          regions: cost,
          subscriptions,
          citizens: paid,
          result,
        } = balance(rates, regions, citizens);
        for (const amount of [base, cost, subscriptions, paid, result])
          expect(Number.isInteger(amount)).toBe(true);
        expect(result).toBe(subscriptions + paid - base - cost);
        expect(cost).toBe(regions.reduce((sum, one) => sum + regionCost(rates, one), 0));
      }),
    );
  });

  it("of a month with three regions and 40 citizens", () => {
    const region = { cpuMillis: 2000, memoryBytes: 3 * GB, diskBytes: 20 * GB };
    expect(balance(PRICES, [region, region, region], 40)).toEqual({
      base: 20_000,
      regions: 1800,
      subscriptions: 7500,
      citizens: 20_000,
      result: 5700,
    });
    expect(formatCents(5700)).toBe("57.00");
    expect(formatCents(-5)).toBe("-0.05");
  });
});
