import { formatCpu, roughSize } from "../../config/units";
import type { HostCapacity, SizeFit } from "../../operations/capacity/capacity";
import type { Amounts } from "../../regions/capacity";
import { columns } from "../table";
import { boundName, sizeName } from "./names";

/** What fits on one host, for a person. */
export function renderCapacity(capacity: HostCapacity, stack: string): string {
  const { source, size } = capacity;
  const origin =
    source === "declared" ? `as Pulumi.${stack}.yaml declares it (nexus:host)` : "as its Engine reports it";
  const free =
    size.freeDiskBytes === undefined ? [] : [`Of the disk, ${roughSize(size.freeDiskBytes)} are free now.`];
  const unknown =
    size.diskProblem === undefined
      ? []
      : [`The disk was not measured (${size.diskProblem}), so nothing is counted by it.`];
  return [
    `Host of stack "${stack}", ${origin}:`,
    sums(capacity),
    ...free,
    ...unknown,
    ...beside(capacity),
    "",
    fits(capacity),
  ].join("\n");
}

/** Other stacks that are there, and not counted. */
function beside({ size, others }: HostCapacity): string[] {
  return (size.otherStacks ?? [])
    .filter((other) => !others.includes(other))
    .map(
      ({ name, cpuMillis, memoryBytes }) =>
        `Not counted outside of production: ${formatCpu(cpuMillis)} CPU and ${roughSize(memoryBytes)} of ${name}.`,
    );
}

function sums({ size, rules, nexus, others, room, regions, left }: HostCapacity): string {
  const factor = rules.cpuOvercommit === 1 ? [] : [["x overcommit", String(rules.cpuOvercommit), "", ""]];
  return columns(
    [
      ["", "CPU", "memory", "disk"],
      row("host", size),
      row("- system", rules.reserve),
      ...factor,
      row("- Central Nexus", nexus),
      ...others.map((other) => row(`- ${other.name}`, other)),
      row("= for regions", room),
      row(`- ${regions.count === 1 ? "1 region" : `${regions.count} regions`}`, regions.sum),
      row("= left", left),
    ],
    [1, 2, 3],
  );
}

function fits({ sizes }: HostCapacity): string {
  const head = [
    "region size",
    "more fit",
    "bounded by",
    "CPU",
    "memory",
    "disk",
    "slots",
    "on the empty host",
  ];
  return columns([head, ...sizes.map(fitRow)], [1, 3, 4, 5, 6]);
}

function fitRow({ size, more, inAll }: SizeFit): string[] {
  const by = [more.by.cpuMillis, more.by.memoryBytes, more.by.diskBytes, more.by.slots];
  return [
    sizeName(size),
    String(more.count),
    boundName(more.bound),
    ...by.map((count) => (count === undefined ? "?" : String(count))),
    `${inAll.count} (${boundName(inAll.bound)})`,
  ];
}

function row(what: string, { cpuMillis, memoryBytes, diskBytes }: Amounts): string[] {
  const disk = diskBytes === undefined ? "?" : roughSize(diskBytes);
  return [what, formatCpu(cpuMillis), roughSize(memoryBytes), disk];
}
