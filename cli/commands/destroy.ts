import type { Command } from "commander";
import { type Changes, EventLog } from "../../operations/deploy/events";
import { displayArgs, parallelArgs } from "../../operations/deploy/pulumi/arguments";
import { generatedValues, realResources, stackIdOf } from "../../operations/deploy/pulumi/deployment";
import { runPulumi } from "../../operations/deploy/pulumi/process";
import { tryProvider } from "../../operations/deploy/pulumi/tryProvider";
import { findState, recover } from "../../operations/deploy/recover/recover";
import { type OpenStack, openStack, shortName } from "../../operations/deploy/state/open";
import { deploymentOf } from "../../operations/deploy/state/stack";
import { connect, engineAddress } from "../../operations/docker/client";
import { EXIT, type ExitCode } from "../../operations/failure";
import { loadPlatform, type Platform } from "../../platform";
import { say, sayJson } from "../say";
import { confirmDataRemoval, findOwnData, removeData } from "./destroyData";
import {
  EXIT_CODES_HELP,
  examples,
  hasTerminal,
  requireAnswer,
  type StackOptions,
  stackCommand,
} from "./options";

export interface DestroyOptions extends StackOptions {
  yes: boolean;
  json: boolean;
  data: boolean;
}

export function destroyCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("destroy", "take the platform down and keep its data")
    .option("-y, --yes", "do not ask before removing anything; needed without a terminal", false)
    .option(
      "--data",
      "remove the data, local images and the state as well: nothing of this stack stays",
      false,
    )
    .option("--json", "print the result as JSON on standard output, everything else on standard error", false)
    .argument("[pulumi-arguments...]", "passed to `pulumi destroy`, after --")
    .addHelpText(
      "after",
      examples([
        ["npm run destroy", "take dev down; `npm start` brings it back with its data"],
        ["npm run destroy -- --stack prod --yes", "without asking"],
        ["npm run destroy -- --data", "leave nothing of dev on this machine"],
      ]) + EXIT_CODES_HELP,
    )
    .action(async (extra: string[], options: DestroyOptions) => done(await destroy(options, extra)));
}

async function destroy(options: DestroyOptions, extra: string[]): Promise<ExitCode> {
  requireAnswer(options.yes, "destroy");
  const platform = loadPlatform({
    projectDir: options.cwd,
    stack: shortName(options.stack),
    admission: false,
  });
  const open = openStack(options.cwd, options.stack, "change");
  const found = await findState(open);
  const docker = await connect(platform.settings.dockerHost);
  await tryProvider(platform.settings.dockerHost, open.projectDir);
  const stackId = found.state && stackIdOf(found.state.deployment);
  const data = options.data ? await findOwnData(platform, docker, stackId) : undefined;
  if (data && !options.yes && !(await confirmDataRemoval(open, platform, data))) return EXIT.done;
  await recover(open, docker, found);
  const begun = Date.now();
  const { code, changes } = await runDestroy(open, options, [
    ...parallelArgs(platform.settings.dockerHost, extra),
    ...extra,
  ]);
  if (code === 0) {
    if (data) await removeData(open, platform, docker, data);
    else sayWhatStays(open, platform);
  }
  if (options.json) {
    const durationSeconds = Math.round((Date.now() - begun) / 100) / 10;
    sayJson({ result: code === 0 ? "succeeded" : "failed", changes, addresses: [], durationSeconds });
  }
  return code === 0 ? EXIT.done : EXIT.failed;
}

async function runDestroy(
  open: OpenStack,
  options: DestroyOptions,
  extra: string[],
): Promise<{ code: number; changes: Changes }> {
  const deployment = await deploymentOf(open);
  if (realResources(deployment).length === 0) {
    say(`Stack "${open.stack}" is not up: there is nothing to take down.`);
    return { code: 0, changes: {} };
  }
  const log = new EventLog();
  try {
    const code = await runPulumi(
      { ...open.place, env: { ...open.place.env, ...log.env } },
      [
        "destroy",
        ...["--stack", open.qualified, "--config-file", open.settingsCopy],
        ...displayArgs(hasTerminal() && !options.json),
        // With --data the question has been asked already, and it was a bigger one.
        ...(options.yes || options.data ? ["--yes"] : []),
        // Kept data can only be read with the secrets it was written with: they stay in the state. With --data, whose
        // the data is must be known until it is gone; the state goes last.
        ...generatedValues(deployment).flatMap(({ urn }) => ["--exclude", urn]),
        ...log.args,
        ...extra,
      ],
      options.json ? "stderr" : "inherit",
    );
    return { code, changes: log.changes() };
  } finally {
    log.close();
  }
}

function sayWhatStays(open: OpenStack, { settings }: Platform): void {
  const flag = open.stack === "dev" ? "" : ` --stack ${open.stack}`;
  say(`
Down. What stays:
  data      ${settings.dataRoot} on ${engineAddress(settings.dockerHost)}
  secrets   in the state at ${open.backend}; the data cannot be read without them
  up again  ${open.stack === "dev" ? "npm start" : `npm run up --${flag}`}
  remove    npm run destroy --${flag} --data`);
}
