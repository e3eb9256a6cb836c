import { type ArgumentRow, NETWORK_ARGUMENTS } from "../../../components/arguments";
import type { Impact } from "./impact";
import type { Step } from "./steps";

/** What a step with a network means; the containers on it are steps of their own. */
export function networkImpact(step: Step): Partial<Impact> {
  const name = String((step.old ?? step.new)?.inputs.name);
  if (step.kind === "create") return { created: [`network ${name}`] };
  if (step.kind === "delete") return { removed: [`network ${name}`] };
  const table: Record<string, ArgumentRow> = NETWORK_ARGUMENTS;
  const what = step.changed.map((argument) => differing(argument, table[argument]?.what ?? argument, step));
  return { changes: [`network ${name} is recreated: ${what.join(", ") || "somebody asked for it"}`] };
}

function differing(argument: string, what: string, { old, new: now }: Step): string {
  if (argument !== "ipamConfigs") return what;
  const [from, to] = [subnet(old?.inputs), subnet(now?.inputs)];
  return from === to ? what : `${what} ${from} → ${to}`;
}

function subnet(inputs: Record<string, unknown> = {}): string {
  const [first] = (inputs.ipamConfigs ?? []) as { subnet?: string }[];
  return first?.subnet ?? "none";
}
