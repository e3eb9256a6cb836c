import { nexusResources } from "../../catalog/nexusBudget";
import type { Platform } from "../../platform";
import { howMany, roomFor } from "../../regions/capacity";
import { type Balance, balance, breakEven, type Cents, cents, regionCost } from "../../regions/cost";
import type { RegionResources } from "../../regions/model";

/** A month of one stack. */
export interface CostReport {
  currency: string;
  regions: { name: string; slot: number; size: RegionResources; cost: Cents; paid: Cents }[];
  citizens: number;
  balance: Balance;
  sizes: SizeCost[];
}

/** The economy of a host full of regions of one size. */
export interface SizeCost {
  size: RegionResources;
  cost: Cents;
  /** What the owner pays less what the region costs: its part of the base. */
  margin: Cents;
  /** Regions that pay for the base; absent where no number of them does. */
  breakEven?: number;
  /** Regions of this size that the declared host holds; absent where none is declared. */
  hostHolds?: number;
  /** A month of a host full of them, with the citizens. */
  full?: Cents;
}

/** Counts the money. Pure. */
export function costReport(
  { settings, regions }: Pick<Platform, "settings" | "regions">,
  sizes: RegionResources[],
  citizens: number,
): CostReport {
  const { prices, host, admission, profile, disk } = settings;
  const room = host && roomFor(host, admission, nexusResources(profile, disk));
  return {
    currency: prices.currency,
    regions: [...regions]
      .sort((a, b) => a.slot - b.slot)
      .map(({ name, slot, resources }) => ({
        name,
        slot,
        size: resources,
        cost: regionCost(prices, resources),
        paid: cents(prices.subscription),
      })),
    citizens,
    balance: balance(
      prices,
      regions.map(({ resources }) => resources),
      citizens,
    ),
    sizes: sizes.map((size) => {
      const cost = regionCost(prices, size);
      const enough = breakEven(prices, cost, citizens);
      const holds = room && howMany(room, size, 0).count;
      return {
        size,
        cost,
        margin: cents(prices.subscription) - cost,
        ...(enough !== undefined && { breakEven: enough }),
        ...(holds !== undefined && {
          hostHolds: holds,
          full: balance(prices, Array<RegionResources>(holds).fill(size), citizens).result,
        }),
      };
    }),
  };
}
