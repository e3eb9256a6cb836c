import { formatSize } from "../../../config/units";
import type { Step } from "./steps";

type Show = (value: unknown) => string;

const size: Show = (value) => (typeof value === "number" ? formatSize(value) : "unknown");
const cpus: Show = (value) => (typeof value === "number" ? String(value / 1000) : "unknown");

/** Inputs of a region's or the Nexus' component, in the order and the words of a region's file. */
const SIZES: [name: string, what: string, show: Show][] = [
  ["cpuMillis", "CPU", cpus],
  ["memoryBytes", "memory", size],
  ["diskBytes", "disk", size],
  ["players", "players", String],
  ["owner", "owner", String],
  ["slot", "slot", String],
];

/** "CPU 1 → 2" for each input that differs; nothing for a component that begins or ends. */
export function sizeChanges({ old, new: now }: Step): string[] {
  if (!old || !now) return [];
  return SIZES.flatMap(([name, what, show]) => {
    const [from, to] = [old.inputs[name], now.inputs[name]];
    // A component of an earlier version had no such input.
    return from === undefined || from === to ? [] : [`${what} ${show(from)} → ${show(to)}`];
  });
}
