import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { ConfigError } from "../../config/problems";
import { LOCK_FILE, readLock, renderLock } from "../../images/lockFile";
import { type Asker, askDigests, newPins, pinChanges, stacksOf, tagsOf } from "../../images/pin";
import { shortName } from "../../operations/deploy/state/open";
import { connect } from "../../operations/docker/client";
import { badInput, EXIT, type ExitCode, Stop } from "../../operations/failure";
import { readStack } from "../../platform";
import { count, say } from "../say";
import { EXIT_CODES_HELP, examples, PROJECT_DIR } from "./options";

interface PinOptions {
  /** All stacks when absent. */
  stack?: string;
  cwd: string;
  check: boolean;
  dockerHost?: string;
}

export function imagesPinCommand(done: (code: ExitCode) => void): Command {
  return new Command("images:pin")
    .description("write the digests of the registry's images to the lock file")
    .option("-s, --stack <name>", "only this stack's (default: those of all that have a settings file)")
    .addOption(
      new Option("-C, --cwd <folder>", "the project: the folder with Pulumi.yaml")
        .argParser((folder: string) => resolve(folder))
        .default(PROJECT_DIR, "this repository"),
    )
    .option("--check", "write nothing; exit code 1 when the lock file is not up to date", false)
    .option("--docker-host <host>", "ask through this Docker Engine instead of each stack's own")
    .addHelpText(
      "after",
      examples([
        ["npm run images:pin", "all stacks; commit images/lock.json afterwards"],
        ["npm run images:pin -- --stack prod", "one stack; pins of the others stay"],
        ["npm run images:pin -- --check", "in a CI job: did a tag move?"],
      ]) + EXIT_CODES_HELP,
    )
    .action(async (options: PinOptions) => done(await pin(options)));
}

/** Pins what could be asked for, and says what could not: a registry that is away keeps nobody else from a new digest. */
async function pin(options: PinOptions): Promise<ExitCode> {
  const { cwd, check } = options;
  const before = readLock(cwd).digests;
  const { askers, problems, complete } = await askersOf(options);
  const { digests, failures } = await askDigests(askers);
  problems.push(...failures.map(({ stack, ref, why }) => `stack ${stack}: ${ref}: ${why}`));

  const wanted = complete ? askers.flatMap(({ refs }) => refs) : undefined;
  const now = newPins(before, digests, wanted);
  const changes = pinChanges(before, now);
  for (const line of changes) process.stdout.write(`${line}\n`);
  if (!check && changes.length > 0) writeFileSync(join(cwd, LOCK_FILE), renderLock(now));
  say(verdict(check, changes.length, Object.keys(digests).length));
  if (problems.length > 0) {
    say(
      `\n${count(problems.length, "image or stack", "images or stacks")} could not be asked for; their pins are as before:`,
    );
    for (const problem of problems) say(`  ${problem}`);
  }
  return problems.length > 0 || (check && changes.length > 0) ? EXIT.failed : EXIT.done;
}

function verdict(check: boolean, changes: number, asked: number): string {
  if (changes === 0) return `${LOCK_FILE} is up to date for ${count(asked, "image")}.`;
  return check
    ? `${LOCK_FILE} is not up to date: ${count(changes, "line")} would change. npm run images:pin writes it.`
    : `${count(changes, "line")} changed in ${LOCK_FILE}. Commit it.`;
}

interface Asked {
  askers: Asker[];
  problems: string[];
  /** Are these all that any stack names? */
  complete: boolean;
}

/** The stacks whose images are asked for, each with its Engine, and why others are not. */
async function askersOf(options: PinOptions): Promise<Asked> {
  const chosen = options.stack === undefined ? undefined : chosenStack(options.stack, options.cwd);
  const asked: Asked = { askers: [], problems: [], complete: chosen === undefined };
  for (const stack of chosen === undefined ? stacksOf(options.cwd) : [chosen]) {
    try {
      asked.askers.push(...(await askerOf(stack, options)));
    } catch (error) {
      const isKnown = error instanceof ConfigError || error instanceof Stop;
      if (chosen !== undefined || !isKnown) throw error;
      asked.problems.push(`stack ${stack}: ${error.message}`);
      asked.complete = false;
    }
  }
  return asked;
}

function chosenStack(name: string, projectDir: string): string {
  const stack = shortName(name);
  const stacks = stacksOf(projectDir);
  if (stacks.includes(stack)) return stack;
  throw badInput(
    `--stack "${stack}" was given; there are ${stacks.join(", ") || "no stacks"}. Write Pulumi.${stack}.yaml, or choose one of them.`,
  );
}

/** None for a stack of local images: it needs no Engine here. */
async function askerOf(stack: string, { cwd, dockerHost }: PinOptions): Promise<Asker[]> {
  const { settings, problems } = readStack({ projectDir: cwd, stack });
  if (!settings) throw new ConfigError(problems);
  const refs = tagsOf(settings);
  if (refs.length === 0) return [];
  const docker = await connect(dockerHost ?? settings.dockerHost);
  return [{ stack, docker, refs, logins: { registries: settings.registries, projectDir: cwd } }];
}
