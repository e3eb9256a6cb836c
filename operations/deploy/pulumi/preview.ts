import type { PulumiDisplay } from "../../reporter";
import { EventLog, isUpToDate } from "../events";
import type { AreaImpact } from "../impact/impact";
import { impactOf } from "../impact/report";
import { stepsIn } from "../impact/steps";
import type { OpenStack } from "../state/open";
import { policyArgs, replaceArgs } from "./arguments";
import { type Captured, capturePulumi, runPulumi } from "./process";
import { withProgram } from "./program";
import { type Violation, violationsIn } from "./violations";

export interface PreviewRun {
  code: number;
  /** What the change means, by region; of a failed preview, as far as it got. */
  impact: AreaImpact[];
  violations: Violation[];
  /** Would an `up` write nothing? */
  upToDate: boolean;
}

interface PreviewHow {
  /** For pulumi, its own display options included. */
  args: string[];
  /** URNs of containers to be replaced because they never got ready. */
  unready: string[];
  display: PulumiDisplay;
}

/** One preview that serves all: pulumi's display, the policies, and our report from its event log. */
export function runPreview(open: OpenStack, { args, unready, display }: PreviewHow): Promise<PreviewRun> {
  return withEventLog(open, unready, async (place, given) => {
    const code = await runPulumi(place, [...given, ...args], display);
    return { code };
  });
}

/** The same, with pulumi's JSON instead of its display. */
export function capturePreview(
  open: OpenStack,
  { args, unready }: Omit<PreviewHow, "display">,
): Promise<PreviewRun & Captured> {
  return withEventLog(open, unready, (place, given) => capturePulumi(place, [...given, "--json", ...args]));
}

async function withEventLog<T>(
  open: OpenStack,
  unready: string[],
  run: (place: OpenStack["place"], args: string[]) => Promise<T>,
): Promise<T & Omit<PreviewRun, "code">> {
  const log = new EventLog();
  try {
    const place = { ...open.place, env: { ...open.place.env, ...log.env } };
    const result = await withProgram(place, (program) =>
      run(place, [
        ...["preview", "--stack", open.qualified, "--config-file", open.settingsCopy],
        ...policyArgs(open.projectDir, open.stack),
        ...replaceArgs(unready),
        ...log.args,
        ...program,
      ]),
    );
    const text = log.text();
    return {
      ...result,
      impact: impactOf(stepsIn(text, unready)),
      violations: violationsIn(text),
      upToDate: isUpToDate(text),
    };
  } finally {
    log.close();
  }
}
