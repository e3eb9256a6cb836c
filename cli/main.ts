import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/problems";
import { traceOf } from "../operations/traces";
import { npmCommand } from "../setup/commands";
import { needsHelp } from "../setup/help";
import { EXIT_CODES } from "./commands/options";
import { EXIT, exitCodeOf } from "./exit";
import { say, sayJson } from "./say";

type MakeCommand = (done: (code: number) => void) => Command;

/** Each loads what it needs, and no command waits for what another one needs. */
const COMMANDS: Record<string, () => Promise<MakeCommand>> = {
  start: async () => (await import("./commands/start.js")).startCommand,
  preview: async () => (await import("./commands/preview.js")).previewCommand,
  up: async () => (await import("./commands/up.js")).upCommand,
  verify: async () => (await import("./commands/verify.js")).verifyCommand,
  destroy: async () => (await import("./commands/destroy.js")).destroyCommand,
  region: async () => (await import("./commands/region.js")).regionCommand,
  "admin-password": async () => (await import("./commands/adminPassword.js")).adminPasswordCommand,
  capacity: async () => (await import("./commands/capacity.js")).capacityCommand,
  cost: async () => (await import("./commands/cost.js")).costCommand,
  completion: async () => (await import("./commands/completion.js")).completionCommand,
  "images:pin": async () => (await import("./commands/imagesPin.js")).imagesPinCommand,
  pulumi: async () => (await import("./commands/pulumi.js")).pulumiCommand,
};

/** The command that is asked for, or all where that is not clear, and for `completion`, which knows all. */
function commandsFor(name: string | undefined): Promise<MakeCommand[]> {
  const isOne = name !== undefined && name !== "completion" && Object.hasOwn(COMMANDS, name);
  const one = isOne ? COMMANDS[name] : undefined;
  return Promise.all((one ? [one] : Object.values(COMMANDS)).map((load) => load()));
}

/** Builds the program; `done` receives the exit code of the command that ran. */
function program(makers: MakeCommand[], done: (code: number) => void): Command {
  const nexus = new Command("nexus")
    .description(
      "Brings a stack of SectorWars Nexus up, shows what would change, counts what fits, and takes it down.",
    )
    .enablePositionalOptions()
    .addHelpText("after", `\n${EXIT_CODES}`);
  for (const make of makers) {
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
    say(`Unexpected: ${error instanceof Error ? traceOf(error) : String(error)}`);
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
commandsFor(process.argv[2])
  .then((makers) =>
    program(makers, (code) => {
      exitCode = code;
    }).parseAsync(),
  )
  .catch((error: unknown) => {
    exitCode = report(error);
  })
  // A program of Pulumi that was interrupted in this process may still wait for something. What is written goes first.
  .finally(() => process.stdout.write("", () => process.stderr.write("", () => process.exit(exitCode))));
