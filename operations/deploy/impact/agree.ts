import type { Reporter } from "../../reporter";
import { count } from "../../words";
import { displayArgs, previewArgsOf, SKIP_PREVIEW } from "../pulumi/arguments";
import { type Deployment, resourcesOf } from "../pulumi/deployment";
import { runPreview } from "../pulumi/preview";
import type { Violation } from "../pulumi/violations";
import type { ReadyStack } from "../ready";
import { type Digests, stateOf } from "../underLock/agreed";
import { NEXUS_TYPE, REGION_TYPE } from "./area";
import { requireAllowed, requireKnown } from "./gate";
import type { AreaImpact } from "./impact";

export interface AgreeHow {
  /** Arguments for `pulumi up`. */
  extra: string[];
  /** Regions whose data may be lost. */
  allowDataLoss: string[];
  reporter: Reporter;
  /** Is told what the change means, before anything is refused or asked. */
  onImpact?(impact: AreaImpact[]): void;
  /** Says whether the change is wanted. Absent: it is agreed to beforehand. */
  confirm?(): Promise<boolean>;
}

export interface Agreement {
  /** `nothing`: there is nothing to change. `refused`: a policy said no or the preview failed, so nothing was changed. `declined`: `confirm` said no. */
  verdict: "go" | "nothing" | "declined" | "refused";
  impact: AreaImpact[];
  /** What the policies said. */
  violations: Violation[];
  /**
   * Have the policies judged all that the `up` will do, if it does what was previewed? Not what a preview does not know:
   * they say so in a note on the resource.
   */
  judged?: boolean;
  /** The state that was previewed, for the `up` to be held to; absent without a preview, and where Pulumi refreshes. */
  state?: Digests;
}

/**
 * What comes before a change: one preview for policies, report, data and the person's answer. Pulumi's own preview
 * inside `up` would show no report and have no place for the refusal, so the `up` after this one skips it.
 * @throws Failure (bad input) when data would be lost that nobody gave up, or was given up of an unknown region
 */
export async function agree(ready: ReadyStack, how: AgreeHow): Promise<Agreement> {
  requireKnown(how.allowDataLoss, ready.platform, ready.deployment);
  if (!how.confirm && isSkipped(ready, how.extra)) return { verdict: "go", impact: [], violations: [] };
  // As it was found or repaired: should another run change it from then on, the `up` finds it changed.
  const state = refreshes(how.extra) ? undefined : stateOf(ready.deployment);
  const { say, pulumi } = how.reporter;
  const { code, upToDate, ...said } = await runPreview(ready.open, {
    unready: ready.unready,
    args: [...displayArgs(pulumi.live), "--suppress-outputs", ...previewArgsOf(how.extra)],
    display: pulumi,
  });
  if (code !== 0) {
    say(refusedText(said.violations));
    return { verdict: "refused", ...said };
  }
  how.onImpact?.(said.impact);
  requireAllowed(said.impact, how.allowDataLoss);
  if (upToDate && how.extra.every((arg) => DISPLAY_ONLY.has(arg))) return { verdict: "nothing", ...said };
  if (!how.confirm || (await how.confirm()))
    return { verdict: "go", ...said, state, judged: isJudged(said, state) };
  say("Nothing was changed.");
  return { verdict: "declined", ...said };
}

/** An `up` that is not held to the state of its preview may do something else. */
function isJudged({ violations }: { violations: Violation[] }, state: Digests | undefined): boolean {
  return state !== undefined && violations.every(({ resource }) => resource === undefined);
}

/** Options of `pulumi up` that change nothing in what it does. */
const DISPLAY_ONLY = new Set(["--suppress-outputs"]);

/** Who refused, after a preview that ended with an error; what is wrong stands in Pulumi's own output. */
function refusedText(violations: Violation[]): string {
  const against = violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);
  const names = [...new Set(against)].sort();
  const who =
    names.length === 0
      ? "the preview failed"
      : `${count(names.length, "policy refuses", "policies refuse")} it (${names.join(", ")})`;
  return `\nNothing was changed: ${who}. Pulumi's messages above say why.`;
}

/** Somebody asked for no preview, and nothing there speaks for data that could be lost. */
function isSkipped({ deployment, platform }: ReadyStack, extra: string[]): boolean {
  const forces = extra.some((arg) => /^--(target-)?replace(=|$)/.test(arg));
  return extra.includes(SKIP_PREVIEW) && !forces && !movesData(deployment, platform.settings.dataRoot);
}

/** Then the `up` changes the state itself, before the program begins and could compare. */
function refreshes(extra: string[]): boolean {
  return extra.some((arg) => /^(--refresh(=|$)|-r)/.test(arg));
}

/** Is there a folder with data that is not below the data root of the settings? Pure. */
export function movesData(deployment: Deployment, dataRoot: string): boolean {
  return [NEXUS_TYPE, REGION_TYPE].some((type) =>
    resourcesOf(deployment, type).some(({ inputs }) => {
      const folder = inputs?.folder;
      return typeof folder === "string" && !folder.startsWith(`${dataRoot}/`);
    }),
  );
}
