import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/problems";
import { npmCommand } from "../setup/commands";
import { needsHelp } from "../setup/help";
import { adminPasswordCommand } from "./commands/adminPassword";
import { capacityCommand } from "./commands/capacity";
import { completionCommand } from "./commands/completion";
import { costCommand } from "./commands/cost";
import { destroyCommand } from "./commands/destroy";
import { imagesPinCommand } from "./commands/imagesPin";
import { EXIT_CODES } from "./commands/options";
import { previewCommand } from "./commands/preview";
import { pulumiCommand } from "./commands/pulumi";
import { regionCommand } from "./commands/region";
import { startCommand } from "./commands/start";
import { upCommand } from "./commands/up";
import { verifyCommand } from "./commands/verify";
import { EXIT, exitCodeOf } from "./exit";
import { say, sayJson } from "./say";

/** Builds the program; `done` receives the exit code of the command that ran. */
function program(done: (code: number) => void): Command {
  const nexus = new Command("nexus")
    .description(
      "Brings a stack of SectorWars Nexus up, shows what would change, counts what fits, and takes it down.",
    )
    .enablePositionalOptions()
    .addHelpText("after", `\n${EXIT_CODES}`);
  const commands = [
    startCommand,
    previewCommand,
    upCommand,
    verifyCommand,
    destroyCommand,
    regionCommand,
    adminPasswordCommand,
    capacityCommand,
    costCommand,
    completionCommand,
    imagesPinCommand,
    pulumiCommand,
  ];
  for (const make of commands) {
    const command = make(done);
    nexus.addCommand(command.addHelpText("after", `\n${needsHelp(command.name())}`));
  }
  for (const command of allCommands(nexus)) {
    command.exitOverride().configureHelp({ commandUsage: usageOf });
    command.showHelpAfterError("--help says what there is.");
    // For the set-up: are the arguments right, before anything slow is done for them?
    const isOne = command.commands.length === 0;
    if (process.env.NEXUS_CHECK_ARGUMENTS && isOne) command.action(() => done(EXIT.done));
  }
  return nexus;
}

/** How a person types a command; `nexus` itself exists only where the completion script was sourced. */
function usageOf(command: Command): string {
  const words: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  const [first, ...rest] = words;
  const npm = first === undefined ? "npm run COMMAND" : npmCommand(first);
  return [npm, "--", ...rest, command.usage()].join(" ");
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Was a machine-readable result asked for? `--format yaml` gets JSON too, which is YAML. */
function forProgram(args: string[]): boolean {
  return args.some(
    (arg, index) =>
      arg === "--json" ||
      /^--format=(json|yaml)$/.test(arg) ||
      (/^(json|yaml)$/.test(arg) && ["-f", "--format"].includes(args[index - 1] ?? "")),
  );
}

/** Says what went wrong and returns the exit code for it. Only what nobody foresaw is shown with its stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
  const code = exitCodeOf(error);
  if (!(error instanceof Error) || code === undefined) {
    say(`Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT.failed;
  }
  say(error.message);
  if (forProgram(process.argv)) {
    sayJson({
      result: code === EXIT.badInput ? "bad-input" : "failed",
      message: error.message,
      ...(error instanceof ConfigError && { problems: error.problems }),
    });
  }
  return code;
}

let exitCode: number = EXIT.done;
program((code) => {
  exitCode = code;
})
  .parseAsync()
  .catch((error: unknown) => {
    exitCode = report(error);
  })
  .finally(() => {
    process.exitCode = exitCode;
  });
