import type { Command } from "commander";
import { NEXUS } from "../../catalog/names";
import { type DestroyOutcome, type Doomed, destroyStack } from "../../operations/deploy/destroy";
import { engineAddress } from "../../operations/docker/client";
import { listed } from "../../operations/words";
import { confirmed } from "../ask";
import { EXIT, type ExitCode } from "../exit";
import { say, sayJson, terminalReporter } from "../say";
import { requireAnswer, type StackOptions, stackCommand } from "./options";

interface DestroyOptions extends StackOptions {
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
    .examples([
      ["npm run destroy", "take dev down; `npm start` brings it back with its data"],
      ["npm run destroy -- --stack prod --yes", "without asking"],
      ["npm run destroy -- --data", "leave nothing of dev on this machine"],
    ])
    .action(async (extra: string[], options: DestroyOptions) => done(await destroy(options, extra)));
}

async function destroy({ cwd, stack, yes, data, json }: DestroyOptions, extra: string[]): Promise<ExitCode> {
  requireAnswer(yes, "destroy");
  const outcome = await destroyStack(cwd, stack, {
    ...{ data, ask: !yes, extra },
    reporter: terminalReporter(json ? "stderr" : "inherit"),
    ...(!yes && { confirmData }),
  });
  if (outcome.result === "declined") {
    say("Nothing was removed.");
    return EXIT.done;
  }
  if (outcome.result === "succeeded") sayWhatStays(outcome);
  const { result, changes, durationSeconds } = outcome;
  if (json) sayJson({ result, changes, addresses: [], durationSeconds });
  return result === "succeeded" ? EXIT.done : EXIT.failed;
}

/** Says what `destroy --data` removes and asks for the stack's name. */
function confirmData({ open, platform, entries }: Doomed): Promise<boolean> {
  const { dataRoot, dockerHost } = platform.settings;
  const regions = entries.filter((entry) => entry !== NEXUS);
  say(`This removes stack "${open.stack}" for good, and cannot be undone:
  containers, networks and volumes on ${engineAddress(dockerHost)}
  all data of the Nexus${regions.length > 0 ? ` and of ${listed(regions)}` : ""} in ${dataRoot}
  its state and secrets at ${open.backend}`);
  return confirmed("Type the name of the stack to go on: ", open.stack);
}

function sayWhatStays({ open, platform: { settings }, left }: DestroyOutcome): void {
  if (!left) {
    const flag = open.stack === "dev" ? "" : ` --stack ${open.stack}`;
    say(`
Down. What stays:
  data      ${settings.dataRoot} on ${engineAddress(settings.dockerHost)}
  secrets   in the state at ${open.backend}; the data cannot be read without them
  up again  ${open.stack === "dev" ? "npm start" : `npm run up --${flag}`}
  remove    npm run destroy --${flag} --data`);
    return;
  }
  say(
    `\nNothing of stack "${open.stack}" is left: containers, networks, volumes, data, state and secrets are gone.`,
  );
  const { folders, images } = left;
  if (folders.length > 0) say(`No stack's data, so left in ${settings.dataRoot}: ${listed(folders)}`);
  if (images.length > 0) say(`Images that other stacks or containers need, so left: ${listed(images)}`);
}
