import { GB } from "../config/units";
import type { RegionResources } from "./model";

/** What a platform costs and earns (`nexus:prices`): amounts a month, in `currency`, with two decimals. */
export interface Prices {
  currency: string;
  /** One host with the Central Nexus. */
  base: number;
  /** Every region, whatever its size: backups, traffic, support. */
  region: number;
  cpu: number;
  memoryGB: number;
  diskGB: number;
  /** What a region's owner pays. */
  subscription: number;
  /** What a galactic citizen pays. */
  citizen: number;
}

/** Money as whole cents, so that sums and comparisons are exact. */
export type Cents = number;

/** What a region of a size costs a month, rounded to the cent. */
export function regionCost(prices: Prices, { cpuMillis, memoryBytes, diskBytes }: RegionResources): Cents {
  const { region, cpu, memoryGB, diskGB } = prices;
  return cents(region + (cpu * cpuMillis) / 1000 + (memoryGB * memoryBytes) / GB + (diskGB * diskBytes) / GB);
}

export interface Balance {
  base: Cents;
  /** Of all regions together. */
  regions: Cents;
  subscriptions: Cents;
  citizens: Cents;
  /** Revenue less cost; negative is a loss. */
  result: Cents;
}

/** A month of these regions. */
export function balance(prices: Prices, regions: readonly RegionResources[], citizens: number): Balance {
  const base = cents(prices.base);
  const cost = regions.reduce((sum, resources) => sum + regionCost(prices, resources), 0);
  const subscriptions = cents(prices.subscription) * regions.length;
  const paid = cents(prices.citizen) * citizens;
  return {
    base,
    regions: cost,
    subscriptions,
    citizens: paid,
    result: subscriptions + paid - base - cost,
  };
}

/**
 * The fewest regions, each at this cost, whose owners pay for themselves and the base; undefined when a region costs
 * as much as its owner pays, so that no number of them does.
 */
export function breakEven(prices: Prices, costPerRegion: Cents, citizens = 0): number | undefined {
  const open = cents(prices.base) - cents(prices.citizen) * citizens;
  if (open <= 0) return 0;
  const margin = cents(prices.subscription) - costPerRegion;
  return margin > 0 ? Math.ceil(open / margin) : undefined;
}

export function cents(amount: number): Cents {
  return Math.round(amount * 100);
}

/** `12.50`, without the currency. */
export function formatCents(amount: Cents): string {
  return (amount / 100).toFixed(2);
}
