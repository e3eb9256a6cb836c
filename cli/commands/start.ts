import type { Command } from "commander";
import { openForUp, type ReadyStack } from "../../operations/deploy/ready";
import { stackFacts } from "../../operations/deploy/state/settingsFile";
import { agreedUp, isAsDeclared } from "../../operations/deploy/up";
import { engineAddress, isLocalEngine } from "../../operations/docker/client";
import { badInput } from "../../operations/failure";
import { type Probe, probeAll } from "../../operations/verify/probe";
import { stackFlag } from "../../operations/words";
import { EXIT, type ExitCode } from "../exit";
import { say } from "../say";
import { addressTable } from "../table";
import { allowDataLossOption, type StackOptions, stackCommand } from "./options";
import { upAtTerminal } from "./up";

/** How long the platform may take to answer after `up` has seen every container healthy. */
const ANSWER_LIMIT_MS = 60_000;

interface StartOptions extends StackOptions {
  allowDataLoss: string[];
}

export function startCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("start", "bring the platform up and show where it answers; asks nothing")
    .addOption(allowDataLossOption())
    .examples([
      ["npm start", "the stack dev: the Nexus and the regions in regions/dev"],
      ["npm start -- --stack mine", "another stack that is not in production"],
    ])
    .action(async (options: StartOptions) => done(await start(options)));
}

async function start({ cwd, stack, allowDataLoss }: StartOptions): Promise<ExitCode> {
  if (stackFacts(cwd, stack).environment === "production") {
    throw badInput(
      `Stack "${stack}" is in production (nexus:environment), and \`start\` asks nothing. Use: npm run up -- --stack ${stack}`,
    );
  }
  const how = upAtTerminal({ yes: true, json: false, allowDataLoss, extra: ["--suppress-outputs"] });
  const ready = await openForUp(cwd, stack, how.reporter);
  const outcome = await agreedUp(ready, how);
  if (outcome.result === "refused") return EXIT.failed;
  if (outcome.result === "failed") {
    say(
      "\nThe platform is not up: pulumi's messages above say why. After a fix, run the same command again; it goes on from here.",
    );
    return EXIT.failed;
  }
  const changed = Object.keys(outcome.changes).length > 0;
  say(changed ? `\nUp in ${outcome.durationSeconds} s.` : "\nNothing had to change.");
  const shown = await showAddresses(ready, outcome.addresses);
  return isAsDeclared(outcome) ? shown : EXIT.failed;
}

async function showAddresses({ platform, open }: ReadyStack, addresses: Probe[]): Promise<ExitCode> {
  const engine = engineAddress(platform.settings.dockerHost);
  const local = isLocalEngine(engine);
  const probes = local
    ? await probeAll(addresses, ANSWER_LIMIT_MS, (waiting) =>
        say(`Waiting for ${waiting} of ${addresses.length} addresses ...`),
      )
    : addresses.map((address) => ({ ...address, problem: `not checked: it is on ${engine}` }));
  process.stdout.write(`\n${addressTable(probes)}\n`);

  const silent = local ? probes.filter(({ problem }) => problem !== undefined) : [];
  const prefix = platform.settings.namePrefix;
  if (silent.length > 0) {
    say(
      `\n${silent.length} of ${addresses.length} addresses did not answer within ${ANSWER_LIMIT_MS / 1000} s. Look at: docker logs ${prefix}nginx-gateway`,
    );
    return EXIT.failed;
  }
  const flag = stackFlag(open.stack);
  say(`
Next:
  npm run preview${flag}   after an edit in ${platform.settings.regionsDir}: what would change
  npm run destroy${flag}   take it down and keep the data
  npm test${" ".repeat(flag.length)}          run all tests; they do not touch this stack`);
  return EXIT.done;
}
