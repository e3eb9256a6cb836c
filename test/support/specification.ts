import { boundName, sizeName } from "../../cli/capacity/names";
import { GB } from "../../config/units";
import type { HostCapacity } from "../../operations/capacity/capacity";
import { amount } from "../../regions/admission";
import { type AdmissionRules, howMany, type Resource, roomFor } from "../../regions/capacity";
import { breakEven, type Cents, cents, formatCents, type Prices, regionCost } from "../../regions/cost";
import { REGION_DEFAULTS, REGION_LIMITS } from "../../regions/defaults";
import type { RegionResources } from "../../regions/model";

/*
 * What becomes of the specification's numbers, computed: docs/specification.md says the same, and a test compares.
 */

export const SPECIFICATION = {
  host: { cpuMillis: 64_000, memoryBytes: 64 * GB },
  /** Its limits of Nexus server, Nexus database, Redis and gateway, added up. */
  coreServices: { cpuMillis: 18_000, memoryBytes: 33 * GB },
  /** What it says is left for regions. */
  forRegions: { cpuMillis: 40_000, memoryBytes: 32 * GB },
  /** "5-6 active regions" and "10-12 active regions"; it names no disk for them, so they have the default. */
  plans: [
    { size: sizeOf(4, 6), from: 5, to: 6 },
    { size: sizeOf(2, 3), from: 10, to: 12 },
  ],
  /** "Phase 1: 50 regions (current architecture)". */
  goal: 50,
  /** Of a month, in dollars. */
  money: { base: 200, regionFrom: 5, regionTo: 15, subscription: 25, citizen: 5, breakEven: 15 },
} as const;

function sizeOf(cpus: number, gigabytes: number): RegionResources {
  const { diskBytes } = REGION_DEFAULTS.resources;
  return { cpuMillis: cpus * 1000, memoryBytes: gigabytes * GB, diskBytes };
}

const NOTHING = { cpuMillis: 0, memoryBytes: 0, diskBytes: 0 };

/** Hosts of one kind that so many regions need, the Nexus on the first; undefined when a region fits on none. */
function hostsFor(
  count: number,
  size: RegionResources,
  capacity: HostCapacity,
): { hosts: number; first: number; further: number } | undefined {
  const first = Math.min(count, howMany(capacity.room, size, 0).count);
  const further = howMany(roomFor(capacity.size, capacity.rules, NOTHING), size, 0).count;
  if (first === count) return { hosts: 1, first, further };
  return further === 0 ? undefined : { hosts: 1 + Math.ceil((count - first) / further), first, further };
}

/**
 * The specification's own numbers, and what becomes of them on this host: one paragraph a claim.
 * Every figure is computed from the host, the settings and `SPECIFICATION`.
 */
export function explainSpecification(capacity: HostCapacity): string[] {
  return [
    availableText(capacity),
    ...SPECIFICATION.plans.map((plan) => planText(plan, capacity)),
    ...SPECIFICATION.plans.map(({ size }) => hostsText(size, capacity)),
    evenShareText(capacity),
  ];
}

function availableText({ room }: HostCapacity): string {
  const { host, coreServices, forRegions } = SPECIFICATION;
  const left = {
    cpuMillis: host.cpuMillis - coreServices.cpuMillis,
    memoryBytes: host.memoryBytes - coreServices.memoryBytes,
  };
  return (
    `It counts ${pair(forRegions)} for regions. Its own limits for the core services add up to ${pair(coreServices)}, ` +
    `which leaves ${pair(left)} of its ${pair(host)}, without a reserve for the system. Here ${pair(room)} are left.`
  );
}

function planText({ size, from, to }: (typeof SPECIFICATION.plans)[number], capacity: HostCapacity): string {
  const { cpuMillis, memoryBytes } = SPECIFICATION.forRegions;
  const byMemory = Math.floor(memoryBytes / size.memoryBytes);
  const byCpu = Math.floor(cpuMillis / size.cpuMillis);
  const wanted = to * size.memoryBytes;
  const here = howMany(capacity.room, size, 0);
  return (
    `${from} to ${to} regions of ${pair(size)}: its ${amount("memoryBytes", memoryBytes)} hold ${byMemory}, its ${amount("cpuMillis", cpuMillis)} ${byCpu}; ` +
    `${to} would take ${amount("memoryBytes", wanted)}, ${amount("memoryBytes", wanted - memoryBytes)} more than that. Here: ${here.count}, bounded by ${boundName(here.bound)}.`
  );
}

function hostsText(size: RegionResources, capacity: HostCapacity): string {
  const { goal } = SPECIFICATION;
  const need = hostFor(goal, size, { ...capacity.rules, cpuOvercommit: 1 }, capacity.nexus);
  const split = hostsFor(goal, size, capacity);
  const several = split
    ? `, or ${split.hosts} hosts like this one: ${split.first} on the first, ${split.further} on each other, where no Nexus is`
    : "";
  return `${goal} regions of ${sizeName(size)} need one host of ${sizeName(need)}${several}.`;
}

function evenShareText({ room }: HostCapacity): string {
  const { goal } = SPECIFICATION;
  const share = Math.max(0, room.memoryBytes) / goal;
  const least = REGION_LIMITS.memory.min;
  const verdict =
    share < least
      ? `the smallest region takes ${amount("memoryBytes", least)}. Overcommitting CPU does not help, and memory is never promised twice.`
      : "which is enough for the smallest region.";
  return `${goal} regions on this host would get ${amount("memoryBytes", share, Math.floor)} each; ${verdict}`;
}

function pair({ cpuMillis, memoryBytes }: { cpuMillis: number; memoryBytes: number }): string {
  return `${amount("cpuMillis", cpuMillis)} and ${amount("memoryBytes", memoryBytes)}`;
}

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
          ...SPECIFICATION.plans.map(({ size }) => moneyText(size, prices, capacity)),
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

function moneyText(size: RegionResources, prices: Prices, capacity: HostCapacity): string {
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

/** The smallest host, without overcommit, that holds the Nexus and so many regions of one size. */
export function hostFor(
  count: number,
  size: RegionResources,
  rules: AdmissionRules,
  nexus: RegionResources,
): RegionResources {
  const of = (key: Resource): number => count * size[key] + nexus[key] + rules.reserve[key];
  return { cpuMillis: of("cpuMillis"), memoryBytes: of("memoryBytes"), diskBytes: of("diskBytes") };
}

/** What a region may cost so that this number of them breaks even, to the cent below. */
export function costAtBreakEven(prices: Prices, regions: number): Cents {
  return Math.floor(cents(prices.subscription) - cents(prices.base) / regions);
}
