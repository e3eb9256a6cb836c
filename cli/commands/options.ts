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

const STACK_NAME = /^([A-Za-z0-9_][\w.-]*\/){0,2}[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/;

/** A command with the options that all of ours share. */
export function stackCommand(name: string, summary: string): Command {
  return new Command(name)
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

/** Help after the options: examples as a person types them. */
export function examples(lines: [string, string][]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`).join("\n")}\n`;
}

export const EXIT_CODES_HELP =
  "\nExit codes: 0 done or nothing to do, 1 failed, 2 the input cannot be used (nothing was changed).";
