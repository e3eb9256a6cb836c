import { resolve } from "node:path";
import { Command, Option } from "commander";
import { badInput } from "../../operations/failure";
import { hasTerminal } from "../say";

/** What every command that works on a stack is given. */
export interface StackOptions {
  stack: string;
  /** Folder of the project. */
  cwd: string;
}

/** This repository. */
export const PROJECT_DIR = resolve(__dirname, "../..");

export const EXIT_CODES =
  "Exit codes: 0 done or nothing to do, 1 failed, 2 the input cannot be used (nothing was changed).";

/** A command whose help ends with examples as a person types them, and with what else there is to know. */
export class ExplainedCommand extends Command {
  examples(lines: [command: string, what: string][], more = EXIT_CODES): this {
    const width = Math.max(...lines.map(([command]) => command.length));
    const shown = lines.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`);
    return this.addHelpText("after", `\nExamples:\n${shown.join("\n")}\n\n${more}`.trimEnd());
  }
}

const STACK_NAME = /^([A-Za-z0-9_][\w.-]*\/){0,2}[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;

/** A command with the options that all of ours share. */
export function stackCommand(name: string, summary: string): ExplainedCommand {
  return new ExplainedCommand(name)
    .description(summary)
    .option("-s, --stack <name>", "the stack; its settings are in Pulumi.<name>.yaml", stackName, "dev")
    .addOption(cwdOption());
}

export function cwdOption(): Option {
  return new Option("-C, --cwd <folder>", "the project: the folder with Pulumi.yaml")
    .argParser((folder: string) => resolve(folder))
    .default(PROJECT_DIR, "this repository");
}

function stackName(value: string): string {
  if (STACK_NAME.test(value)) return value;
  throw badInput(
    `--stack "${value}" is no stack name: allowed are letters, digits, ".", "_" and "-" (with an organisation and ` +
      'project before it, as in "acme/nexus/prod", on Pulumi Cloud).',
  );
}

/** For commands that change a stack: whose data may be lost. */
export function allowDataLossOption(): Option {
  return new Option(
    "--allow-data-loss <region>",
    "go on although data of this region would be lost; repeatable",
  )
    .argParser((region: string, regions: string[]) => [...regions, region])
    .default([], "none");
}

/** Without a terminal nobody can answer a question, so the answer must be given before. */
export function requireAnswer(yes: boolean, command: string): void {
  if (yes || hasTerminal()) return;
  throw badInput(
    `\`${command}\` asks before it changes anything, and there is no terminal to ask on. Add --yes to agree beforehand.`,
  );
}
