import { nameOf } from "../pulumi/deployment";

/** What pulumi would do with a resource; a replacement is one step here and three in pulumi's log. */
export type StepKind = "same" | "create" | "update" | "replace" | "delete";

export interface ResourceState {
  inputs: Record<string, unknown>;
  parent?: string;
  retainOnDelete: boolean;
  /** It was created, and Pulumi did not see that it came up well. */
  initErrors: boolean;
  /** A run made it, and it never got ready. */
  unready?: boolean;
}

export interface Step {
  kind: StepKind;
  urn: string;
  type: string;
  /** Name in the program. */
  name: string;
  /** Absent for a create. */
  old?: ResourceState;
  /** Absent for a delete. */
  new?: ResourceState;
  /** Arguments that differ. */
  changed: string[];
  /** Arguments that make it a replacement. One that is not in `changed` follows from another resource's. */
  causes: string[];
}

interface LoggedState {
  inputs?: Record<string, unknown>;
  parent?: string;
  retainOnDelete?: boolean;
  initErrors?: string[];
}

interface LoggedStep {
  op: string;
  urn: string;
  type: string;
  old?: LoggedState | null;
  new?: LoggedState | null;
  keys?: string[] | null;
  diffs?: string[] | null;
}

/**
 * Every resource of pulumi's event log, those that stay the same included: they say whose child a resource is.
 * @param unready URNs of containers that were to be replaced because they never got ready
 */
export function stepsIn(log: string, unready: string[] = []): Step[] {
  const steps = new Map<string, Step>();
  for (const line of log.split("\n")) {
    if (!line.includes('"resourcePreEvent"')) continue;
    const { resourcePreEvent } = JSON.parse(line) as { resourcePreEvent?: { metadata: LoggedStep } };
    if (resourcePreEvent) add(steps, resourcePreEvent.metadata);
  }
  for (const urn of unready) {
    const old = steps.get(urn)?.old;
    if (old) old.unready = true;
  }
  return [...steps.values()];
}

function add(steps: Map<string, Step>, logged: LoggedStep): void {
  const known = steps.get(logged.urn);
  steps.set(logged.urn, {
    kind: kindOf(logged.op),
    urn: logged.urn,
    type: logged.type,
    name: nameOf(logged.urn),
    old: state(logged.old) ?? known?.old,
    new: state(logged.new) ?? known?.new,
    changed: union(known?.changed, logged.diffs),
    causes: union(known?.causes, logged.keys),
  });
}

function kindOf(op: string): StepKind {
  if (/replace/.test(op)) return "replace";
  return op === "create" || op === "update" || op === "delete" ? op : "same";
}

function state(logged: LoggedState | null | undefined): ResourceState | undefined {
  if (!logged) return undefined;
  const { inputs = {}, parent, retainOnDelete = false, initErrors } = logged;
  return { inputs, parent, retainOnDelete, initErrors: (initErrors ?? []).length > 0 };
}

function union(known: string[] = [], more: string[] | null = []): string[] {
  return [...new Set([...known, ...(more ?? [])])];
}
