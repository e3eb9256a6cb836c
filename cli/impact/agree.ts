import { confirmed } from "../ask";
import { displayArgs, previewArgsOf, SKIP_PREVIEW } from "../pulumi/arguments";
import { type Deployment, DOCKER_VOLUME, resourcesOf } from "../pulumi/deployment";
import { runPreview } from "../pulumi/preview";
import type { ReadyStack } from "../ready";
import { say } from "../say";
import { requireAllowed } from "./gate";
import { renderText } from "./render";
import type { AreaImpact } from "./report";

export interface AgreeHow {
  /** Arguments for `pulumi up`. */
  extra: string[];
  /** Ask nothing. */
  yes: boolean;
  /** Regions whose data may be lost. */
  allowDataLoss: string[];
  terminal: boolean;
  stdout: "inherit" | "stderr";
}

export interface Agreement {
  /** `failed`: the preview did, so nothing may be changed. */
  verdict: "go" | "declined" | "failed";
  impact: AreaImpact[];
}

/**
 * What comes before a change: one preview for policies, report, data and the person's answer. Pulumi's own preview
 * inside `up` would show no report and have no place for the refusal, so the `up` after this one skips it.
 * @throws Stop (exit code 2) when data would be lost that nobody gave up
 */
export async function agree(ready: ReadyStack, how: AgreeHow): Promise<Agreement> {
  if (how.yes && isSkipped(ready, how.extra)) return { verdict: "go", impact: [] };
  const { code, impact } = await runPreview(ready.open, {
    args: [...displayArgs(how.terminal), "--suppress-outputs", ...previewArgsOf(how.extra)],
    stdout: how.stdout,
  });
  if (code !== 0) return { verdict: "failed", impact };
  say(`What this means:\n\n${renderText(impact)}\n`);
  requireAllowed(impact, how.allowDataLoss);
  if (how.yes || (await confirmed('Do it? Only "yes" goes on: ', "yes"))) return { verdict: "go", impact };
  say("Nothing was changed.");
  return { verdict: "declined", impact };
}

/** Somebody asked for no preview, and nothing there speaks for data that could be lost. */
function isSkipped({ deployment, platform }: ReadyStack, extra: string[]): boolean {
  const forces = extra.some((arg) => /^--(target-)?replace(=|$)/.test(arg));
  return extra.includes(SKIP_PREVIEW) && !forces && !movesData(deployment, platform.settings.dataRoot);
}

/** Is there a data volume whose folder is not below the data root of the settings? Pure. */
export function movesData(deployment: Deployment, dataRoot: string): boolean {
  return resourcesOf(deployment, DOCKER_VOLUME).some(({ inputs }) => {
    const { device } = (inputs?.driverOpts ?? {}) as { device?: string };
    return device !== undefined && !device.startsWith(`${dataRoot}/`);
  });
}
