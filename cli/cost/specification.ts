import { amount } from "../../regions/admission";
import { howMany } from "../../regions/capacity";
import { breakEven, cents, costAtBreakEven, formatCents, type Prices, regionCost } from "../../regions/cost";
import type { RegionResources } from "../../regions/model";
import { SPECIFICATION } from "../../regions/specification";
import type { HostCapacity } from "../capacity/report";
import { hostsFor } from "../capacity/specification";

/**
 * The specification's money, and where it does not add up: one paragraph a claim, every figure computed.
 * @param capacity of the declared host, without which only the first paragraphs can be said
 */
export function explainMoney(prices: Prices, capacity?: HostCapacity): string[] {
  return [
    breakEvenText(),
    countedTwiceText(prices),
    ...(capacity
      ? [
          ...SPECIFICATION.plans.map(({ size }) => fullHostText(size, prices, capacity)),
          ...SPECIFICATION.plans.map(({ size }) => goalText(size, prices, capacity)),
        ]
      : []),
  ];
}

/** The specification's own prices, whatever the stack's are. */
const { money } = SPECIFICATION;
const THEIRS: Prices = { currency: "USD", region: 0, cpu: 0, memoryGB: 0, diskGB: 0, ...money };

function breakEvenText(): string {
  const fewest = breakEven(THEIRS, cents(money.regionFrom));
  const most = breakEven(THEIRS, cents(money.regionTo));
  return (
    `$${money.base} a month, $${money.regionFrom} to $${money.regionTo} a region and $${money.subscription} from its owner break even at ` +
    `${fewest} of the cheapest regions to ${most} of the dearest. Its "~${money.breakEven}" is right for regions of ` +
    `$${formatCents(costAtBreakEven(THEIRS, money.breakEven))}.`
  );
}

function countedTwiceText(prices: Prices): string {
  const [, { size }] = SPECIFICATION.plans;
  const rented = { ...prices, cpu: 0, memoryGB: 0 };
  const cost = regionCost(rented, size);
  const enough = breakEven(rented, cost);
  return (
    "CPU and memory of a host that the base pays for cost nothing more when a region uses them, so a price for them " +
    "counts them twice, unless it stands for the next host. With nexus:prices.cpu and memoryGB at 0, a region of " +
    `${pair(size)} costs ${formatCents(cost)}${enough === undefined ? "" : `, and ${enough} break even`}.`
  );
}

function fullHostText(size: RegionResources, prices: Prices, capacity: HostCapacity): string {
  const holds = howMany(capacity.room, size, 0).count;
  const cost = regionCost(prices, size);
  const enough = breakEven(prices, cost);
  const result = holds * (cents(prices.subscription) - cost) - cents(prices.base);
  const start = `The declared host holds ${holds} regions of ${pair(size)} at ${formatCents(cost)}`;
  const needed = enough === undefined ? "no number breaks even" : `${enough} break even`;
  if (result >= 0) return `${start}, and ${needed}: full, it earns ${formatCents(result)} a month.`;
  const citizen = cents(prices.citizen);
  const help = citizen > 0 ? `; ${Math.ceil(-result / citizen)} galactic citizens would make up for it` : "";
  return `${start}, and ${needed}: full, it loses ${formatCents(-result)} a month${help}.`;
}

function goalText(size: RegionResources, prices: Prices, capacity: HostCapacity): string {
  const { goal } = SPECIFICATION;
  const hosts = hostsFor(goal, size, capacity)?.hosts;
  if (hosts === undefined)
    return `${goal} regions of ${pair(size)} fit on no number of hosts like the declared one.`;
  const result = goal * (cents(prices.subscription) - regionCost(prices, size)) - hosts * cents(prices.base);
  return (
    `${goal} regions of ${pair(size)} need ${hosts} hosts at the base price each: ` +
    `${result >= 0 ? "they earn" : "they lose"} ${formatCents(Math.abs(result))} a month.`
  );
}

function pair({ cpuMillis, memoryBytes }: RegionResources): string {
  return `${amount("cpuMillis", cpuMillis)} and ${amount("memoryBytes", memoryBytes)}`;
}
