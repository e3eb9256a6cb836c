import type { CostReport, SizeCost } from "../../operations/capacity/cost";
import { formatCents } from "../../regions/cost";
import { sizeName } from "../capacity/names";
import { columns } from "../table";

/** A month of the stack, for a person. */
export function renderCost(report: CostReport, stack: string): string {
  const isUnknown = report.sizes.some(({ hostHolds }) => hostHolds === undefined);
  return [
    `Stack "${stack}", ${report.currency} a month:`,
    month(report),
    "",
    economy(report),
    ...(isUnknown ? [UNDECLARED.replace("STACK", stack)] : []),
  ].join("\n");
}

const UNDECLARED =
  "?: what the host holds is known once Pulumi.STACK.yaml declares it (nexus:host); `npm run capacity` says what Docker " +
  "reports.";

function month({ regions, citizens, balance }: CostReport): string {
  const rows = regions.map(({ name, slot, size, cost, paid }) => [
    name,
    String(slot),
    sizeName(size),
    formatCents(cost),
    formatCents(paid),
  ]);
  return columns(
    [
      ["", "slot", "size", "cost", "paid"],
      ["host and Nexus", "", "", formatCents(balance.base), ""],
      ...rows,
      [`${citizens} galactic citizen${citizens === 1 ? "" : "s"}`, "", "", "", formatCents(balance.citizens)],
      [
        "together",
        "",
        "",
        formatCents(balance.base + balance.regions),
        formatCents(balance.subscriptions + balance.citizens),
      ],
      [balance.result < 0 ? "loss" : "profit", "", "", "", formatCents(Math.abs(balance.result))],
    ],
    [1, 3, 4],
  );
}

function economy({ sizes }: CostReport): string {
  const head = [
    "a region of",
    "costs",
    "leaves for the base",
    "break even",
    "the host holds",
    "full, a month",
  ];
  return columns([head, ...sizes.map(sizeRow)], [1, 2, 3, 4, 5]);
}

function sizeRow({ size, cost, margin, breakEven, hostHolds, full }: SizeCost): string[] {
  return [
    sizeName(size),
    formatCents(cost),
    formatCents(margin),
    breakEven === undefined ? "never" : String(breakEven),
    hostHolds === undefined ? "?" : String(hostHolds),
    full === undefined ? "?" : formatCents(full),
  ];
}
