import { CONFIG_LABEL, REGION_LABEL, STACK_LABEL } from "../../../catalog/names";
import { serviceOf } from "../../../catalog/services";
import { type ArgumentRow, CONTAINER_ARGUMENTS } from "../../../components/arguments";
import { CPU_PERIOD_MICROS } from "../../../components/resize";
import { slowStartSeconds } from "../../../regions/patience";
import { labelOf, roleOf } from "./area";
import type { Impact } from "./impact";
import type { Step } from "./steps";

/** What a step with a container means. */
export function containerImpact(step: Step): Partial<Impact> {
  const container = roleOf(step);
  switch (step.kind) {
    case "create":
      return { created: [container] };
    case "delete":
      return { removed: [container] };
    case "replace":
      return { restarts: [{ container, why: reasons(step), seconds: secondsOf(container, step) }] };
    default:
      return updateImpact(container, step);
  }
}

/** What was measured of the stand-in, or what the image is said to need: on its own CPU, as others may want theirs. */
function secondsOf(role: string, { new: now }: Step): number | undefined {
  const { waitTimeout, cpuQuota } = now?.inputs ?? {};
  const isKnown = typeof waitTimeout === "number" && typeof cpuQuota === "number";
  const slow = isKnown ? slowStartSeconds(waitTimeout, (cpuQuota * 1000) / CPU_PERIOD_MICROS) : undefined;
  return slow ?? serviceOf({ region: labelOf(now, REGION_LABEL) ?? "", role })?.interruptionSeconds;
}

/** Sorts what pulumi would report as updated by what really happens. */
function updateImpact(container: string, step: Step): Partial<Impact> {
  const rows = step.changed.map((argument) => ({ argument, row: rowOf(argument) }));
  const inPlace = rows.filter(({ row }) => row && happens(row, step)).map(({ row }) => row?.what ?? "");
  const pretended = rows.filter(({ row }) => !row || (row.provider === "ignored" && !happens(row, step)));
  return {
    inPlace: inPlace.length > 0 ? [{ container, what: unique(inPlace) }] : [],
    later: inPlace.includes("memory") && container === "db" ? [databaseMemory(step)] : [],
    pretended: pretended.map(({ argument, row }) =>
      row
        ? `${container}: ${row.what} (${argument}) would be reported as updated; the container stays as it is`
        : `${container}: nobody has tried what the provider does with ${argument}; see components/arguments.ts`,
    ),
  };
}

/** A hook is ours: only our own containers have it. Where a replacement is the remedy, an update is no remedy. */
function happens(row: ArgumentRow, { new: now }: Step): boolean {
  if (row.provider === "in-place") return true;
  return row.provider === "ignored" && row.remedy === "hook" && labelOf(now, STACK_LABEL) !== undefined;
}

/** PostgreSQL gives itself its main buffer at the start, and the state does not say how large that was. */
function databaseMemory({ old, new: now }: Step): string {
  const shrinks = Number(now?.inputs.memory) < Number(old?.inputs.memory);
  return shrinks
    ? "db: its shared_buffers follow at its next restart; if those of its last start do not fit the new size, `up` " +
        "stops before it changes anything and asks for that restart"
    : "db: its shared_buffers follow at its next restart";
}

/** Why a container is recreated, in words. */
function reasons(step: Step): string[] {
  if (step.old?.unready) return [notWell(step)];
  // What Pulumi says of one that it was told to replace.
  const causes = step.causes.filter((cause) => cause !== "id");
  const asked = causes.filter((cause) => step.changed.includes(cause));
  const words =
    asked.length > 0
      ? asked.map((cause) => reason(cause, step))
      : causes.map((cause) => follows(cause, step));
  if (words.length > 0) return unique(words);
  return [step.old?.initErrors ? notWell(step) : "somebody asked for it"];
}

function notWell({ old }: Step): string {
  return old?.unready ? "it never got ready" : "its last start was not seen to its end";
}

function reason(cause: string, { old, new: now }: Step): string {
  if (cause === "image") return `image ${String(old?.inputs.image)} → ${String(now?.inputs.image)}`;
  if (cause === "labels" && labelOf(old, CONFIG_LABEL) !== labelOf(now, CONFIG_LABEL))
    return "configuration files";
  return rowOf(cause)?.what ?? cause;
}

/** The argument itself is the same: what it names is recreated. */
function follows(cause: string, step: Step): string {
  if (cause === "networksAdvanced") return "its network is recreated";
  if (cause === "volumes") return "its volume is recreated";
  return cause.startsWith("#") ? notWell(step) : `${rowOf(cause)?.what ?? cause} of something it uses`;
}

function rowOf(argument: string): ArgumentRow | undefined {
  const table: Record<string, ArgumentRow> = CONTAINER_ARGUMENTS;
  return Object.hasOwn(table, argument) ? table[argument] : undefined;
}

function unique(words: string[]): string[] {
  return [...new Set(words)];
}
