import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** How many resources a run created, updated, ...; pulumi's own words. */
export type Changes = Record<string, number>;

/** The log of events that pulumi writes beside its display, from which a program can tell what a run did. */
export class EventLog {
  private readonly folder = mkdtempSync(join(tmpdir(), "nexus-events-"));
  private readonly file = join(this.folder, "events.jsonl");

  /** Arguments and variables for pulumi; the flag is one of its hidden ones. */
  readonly args = ["--event-log", this.file];
  readonly env = { PULUMI_DEBUG_COMMANDS: "true" };

  /** All events, one a line; empty when the run did not get that far. */
  text(): string {
    return existsSync(this.file) ? readFileSync(this.file, "utf8") : "";
  }

  /** Changes of the last summary; empty when the run did not get that far. */
  changes(): Changes {
    return changesIn(this.text());
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The changes in a log; "same" is left out because nothing happened to those. */
export function changesIn(log: string): Changes {
  const summaries = log.split("\n").filter((line) => line.includes('"summaryEvent"'));
  const last = summaries.at(-1);
  if (last === undefined) return {};
  const { summaryEvent } = JSON.parse(last) as { summaryEvent?: { resourceChanges?: Changes } };
  const { same: _, ...changes } = summaryEvent?.resourceChanges ?? {};
  return changes;
}

interface LoggedSides {
  op: string;
  old?: object;
  new?: object;
}

/**
 * Says the log of a preview that an `up` would write nothing? Resources that Pulumi calls the same may still get other
 * options (what protects or retains them), and the stack's own outputs are no resource. Pure.
 */
export function isUpToDate(log: string): boolean {
  const events = log
    .split("\n")
    .filter((line) => /"(resourcePre|resOutputs|summary)Event"/.test(line))
    .map((line) => JSON.parse(line) as Record<string, { metadata?: LoggedSides } | undefined>);
  const isSame = ({ metadata }: { metadata?: LoggedSides } = {}, leaveOut: object = {}): boolean =>
    metadata === undefined ||
    (metadata.op === "same" &&
      isDeepStrictEqual({ ...metadata.old, ...leaveOut }, { ...metadata.new, ...leaveOut }));
  return (
    events.some(({ summaryEvent }) => summaryEvent) &&
    events.every(
      ({ resourcePreEvent, resOutputsEvent }) =>
        isSame(resourcePreEvent, BEFORE_IT_IS_ASKED) && isSame(resOutputsEvent),
    )
  );
}

/** The first event of a resource knows its new side only as the program gives it. */
const BEFORE_IT_IS_ASKED = { id: "", outputs: {} };
