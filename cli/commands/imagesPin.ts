import type { Command } from "commander";
import { LOCK_FILE } from "../../images/lockFile";
import { pinImages } from "../../operations/docker/pinImages";
import { count } from "../../operations/words";
import { EXIT, type ExitCode } from "../exit";
import { say } from "../say";
import { cwdOption, ExplainedCommand } from "./options";

interface PinOptions {
  /** All stacks when absent. */
  stack?: string;
  cwd: string;
  check: boolean;
  dockerHost?: string;
}

export function imagesPinCommand(done: (code: ExitCode) => void): Command {
  return new ExplainedCommand("images:pin")
    .description("write the digests of the registry's images to the lock file")
    .option("-s, --stack <name>", "only this stack's (default: those of all that have a settings file)")
    .addOption(cwdOption())
    .option("--check", "write nothing; exit code 1 when the lock file is not up to date", false)
    .option("--docker-host <host>", "ask through this Docker Engine instead of each stack's own")
    .examples([
      ["npm run images:pin", "all stacks; commit images/lock.json afterwards"],
      ["npm run images:pin -- --stack prod", "one stack; pins of the others stay"],
      ["npm run images:pin -- --check", "in a CI job: did a tag move?"],
    ])
    .action(async (options: PinOptions) => done(await pin(options)));
}

async function pin({ cwd, ...how }: PinOptions): Promise<ExitCode> {
  const { changes, asked, problems } = await pinImages(cwd, how);
  for (const line of changes) process.stdout.write(`${line}\n`);
  say(verdict(how.check, changes.length, asked));
  if (problems.length > 0) {
    say(
      `\n${count(problems.length, "image or stack", "images or stacks")} could not be asked for; their pins are as before:`,
    );
    for (const problem of problems) say(`  ${problem}`);
  }
  return problems.length > 0 || (how.check && changes.length > 0) ? EXIT.failed : EXIT.done;
}

function verdict(check: boolean, changes: number, asked: number): string {
  if (changes === 0) return `${LOCK_FILE} is up to date for ${count(asked, "image")}.`;
  return check
    ? `${LOCK_FILE} is not up to date: ${count(changes, "line")} would change. npm run images:pin writes it.`
    : `${count(changes, "line")} changed in ${LOCK_FILE}. Commit it.`;
}
