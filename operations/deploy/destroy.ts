import { loadPlatform, type Platform } from "../../platform";
import { connect } from "../docker/client";
import { findOwnData, type OwnData, removeOwnData } from "../docker/ownData";
import type { Reporter } from "../reporter";
import { type Changes, EventLog } from "./events";
import { displayArgs, parallelArgs } from "./pulumi/arguments";
import { generatedValues, realResources, stackIdOf } from "./pulumi/deployment";
import { runPulumi } from "./pulumi/process";
import { tryProvider } from "./pulumi/tryProvider";
import { findState, recover } from "./recover/recover";
import { type OpenStack, openStack, shortName } from "./state/open";
import { removeStack } from "./state/remove";
import { deploymentOf } from "./state/stack";

export interface DestroyHow {
  /** Remove the data, local images and the state as well. */
  data: boolean;
  /** Says whether the data of such a stack is to go; absent: it is agreed to beforehand. */
  confirmData?(doomed: Doomed): Promise<boolean>;
  /** Pulumi asks before it takes the stack down. */
  ask: boolean;
  /** Arguments for `pulumi destroy`. */
  extra: string[];
  reporter: Reporter;
}

/** What `data` would remove. */
export interface Doomed extends OwnData {
  open: OpenStack;
  platform: Platform;
}

export interface DestroyOutcome {
  result: "succeeded" | "failed" | "declined";
  changes: Changes;
  durationSeconds: number;
  open: OpenStack;
  platform: Platform;
  /** With `data`: entries of the data root and images that are others', so left. */
  left?: { folders: string[]; images: string[] };
}

/**
 * Takes a stack down. Its data and the secrets that open it stay, or go with it; the state goes last, so that a run
 * that is interrupted can be repeated.
 * @throws ConfigError or Failure (bad input) when nothing was changed, Failure on a held lock
 */
export async function destroyStack(
  projectDir: string,
  stack: string,
  how: DestroyHow,
): Promise<DestroyOutcome> {
  const { reporter } = how;
  const platform = loadPlatform({ projectDir, stack: shortName(stack), admission: false });
  const open = openStack(projectDir, stack, "change");
  const found = await findState(open, reporter);
  const docker = await connect(platform.settings.dockerHost);
  await tryProvider(platform.settings.dockerHost, open.projectDir);
  const stackId = found.state && stackIdOf(found.state.deployment);
  const data = how.data ? await findOwnData(platform, docker, stackId) : undefined;
  const begun = Date.now();
  if (data && how.confirmData && !(await how.confirmData({ ...data, open, platform })))
    return { result: "declined", changes: {}, durationSeconds: 0, open, platform };
  await recover(open, docker, found, reporter);
  const { code, changes } = await runDestroy(open, platform, how);
  let left: DestroyOutcome["left"];
  if (code === 0 && data) {
    left = await removeOwnData(platform, docker, data);
    await removeStack(open);
  }
  const durationSeconds = Math.round((Date.now() - begun) / 100) / 10;
  return { result: code === 0 ? "succeeded" : "failed", changes, durationSeconds, open, platform, left };
}

async function runDestroy(
  open: OpenStack,
  { settings }: Platform,
  { data, ask, extra, reporter }: DestroyHow,
): Promise<{ code: number; changes: Changes }> {
  const deployment = await deploymentOf(open);
  if (realResources(deployment).length === 0) {
    reporter.say(`Stack "${open.stack}" is not up: there is nothing to take down.`);
    return { code: 0, changes: {} };
  }
  const log = new EventLog();
  try {
    const code = await runPulumi(
      { ...open.place, env: { ...open.place.env, ...log.env } },
      [
        ...["destroy", "--stack", open.qualified, "--config-file", open.settingsCopy],
        ...displayArgs(reporter.pulumi.live),
        // With data the question has been asked already, and it was a bigger one.
        ...(ask && !data ? [] : ["--yes"]),
        // Kept data can only be read with the secrets it was written with: they stay in the state. With data, whose
        // the data is must be known until it is gone; the state goes last.
        ...generatedValues(deployment).flatMap(({ urn }) => ["--exclude", urn]),
        ...log.args,
        ...parallelArgs(settings.dockerHost, extra),
        ...extra,
      ],
      reporter.pulumi,
    );
    return { code, changes: log.changes() };
  } finally {
    log.close();
  }
}
