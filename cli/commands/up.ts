import type { Command } from "commander";
import { isAsDeclared, type UpHow, up } from "../../operations/deploy/up";
import { confirmed } from "../ask";
import { EXIT, type ExitCode } from "../exit";
import { renderText } from "../impactTable";
import { say, sayJson, terminalReporter } from "../say";
import { report, summary } from "../verifyReport";
import { allowDataLossOption, requireAnswer, type StackOptions, stackCommand } from "./options";

interface UpOptions extends StackOptions {
  yes: boolean;
  json: boolean;
  allowDataLoss: string[];
}

export function upCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("up", "make the platform what the files say")
    .option("-y, --yes", "do not ask before changing anything; needed without a terminal", false)
    .option("--json", "print the result as JSON on standard output, everything else on standard error", false)
    .addOption(allowDataLossOption())
    .argument("[pulumi-arguments...]", "passed to `pulumi up`, after --")
    .examples([
      ["npm run up", "the stack dev; shows the changes and asks"],
      ["npm run up -- --stack prod --yes --json", "in a CI job"],
      ["npm run up -- -- --parallel 4", "with pulumi's own option --parallel"],
    ])
    .action(async (extra: string[], options: UpOptions) => done(await runUp(options, extra)));
}

async function runUp(options: UpOptions, extra: string[]): Promise<ExitCode> {
  requireAnswer(options.yes, "up");
  const outcome = await up(options.cwd, options.stack, upAtTerminal({ ...options, extra }));
  if (options.json) sayJson(outcome);
  return outcome.result === "declined" || isAsDeclared(outcome) ? EXIT.done : EXIT.failed;
}

interface AtTerminal {
  yes: boolean;
  /** Is stdout for a program? */
  json: boolean;
  allowDataLoss?: string[];
  extra?: string[];
}

/** An `up` for the person who typed a command: it shows what it means, asks, and says what the host has then. */
export function upAtTerminal({ yes, json, allowDataLoss = [], extra = [] }: AtTerminal): UpHow {
  return {
    ...{ extra, allowDataLoss },
    reporter: terminalReporter(json ? "stderr" : "inherit"),
    onImpact: (impact) => say(`What this means:\n\n${renderText(impact)}\n`),
    ...(!yes && { confirm: () => confirmed('Do it? Only "yes" goes on: ', "yes") }),
    onVerified: (verification) =>
      say(`\n${verification.drift.length > 0 ? report(verification) : summary(verification)}`),
  };
}
