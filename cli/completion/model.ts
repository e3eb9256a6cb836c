import type { Command, Option } from "commander";
import { COMMANDS, type Command as SetupCommand } from "../../setup/commands";

/** What a shell may offer for a value. */
export type Values =
  | { kind: "words"; words: readonly string[] }
  | { kind: "stacks" | "regions" | "folders" | "none" };

export interface CompletionOption {
  /** `--stack`, and `-s` where there is one. */
  names: string[];
  about: string;
  /** Absent when the option takes none. */
  value?: Values;
}

/** A command as a shell completes it. */
export interface CompletionCommand {
  /** Its words: "" is the program itself, "region add" a command of a command. */
  path: string;
  commands: { name: string; about: string }[];
  options: CompletionOption[];
  /** What its argument is. */
  argument: Values;
}

/** Everything that a shell can complete, read from the definitions of the program and of the set-up in front of it. */
export function completionModel(program: Command): CompletionCommand[] {
  const [root, ...own] = describe(program, "");
  if (!root) return [];
  const known = root.commands.map(({ name }) => name);
  const others = Object.entries(COMMANDS).filter(([name]) => !known.includes(name));
  const commands = [...root.commands, ...others.map(([name, { summary }]) => ({ name, about: summary }))];
  return [{ ...root, commands }, ...own, ...others.map(([name, command]) => describeOther(name, command))];
}

/** A command of the set-up alone, whose options are texts such as `-s, --stack=NAME`. */
function describeOther(path: string, { options = [], words: taken }: SetupCommand): CompletionCommand {
  return {
    ...{ path, commands: [], argument: taken ? { kind: "words", words: taken } : { kind: "none" } },
    options: options.map(([spec, about]) => {
      const [names = "", value] = spec.split("=");
      const words = value?.includes("|") ? value.split("|") : undefined;
      return {
        ...{ names: names.split(", ").reverse(), about },
        ...(value !== undefined && { value: words ? { kind: "words", words } : { kind: "none" } }),
      };
    }),
  };
}

function describe(command: Command, path: string): CompletionCommand[] {
  const words = (name: string): string => (path === "" ? name : `${path} ${name}`);
  return [
    {
      path,
      commands: command.commands.map((child) => ({ name: child.name(), about: child.description() })),
      options: command.createHelp().visibleOptions(command).map(describeOption),
      argument: argumentOf(command),
    },
    ...command.commands.flatMap((child) => describe(child, words(child.name()))),
  ];
}

function describeOption(option: Option): CompletionOption {
  const names = [option.long, option.short].filter((name): name is string => name != null);
  const takesValue = option.required || option.optional;
  return { names, about: option.description, ...(takesValue && { value: valuesOf(option) }) };
}

function valuesOf({ long, argChoices, flags }: Option): Values {
  if (argChoices) return { kind: "words", words: argChoices };
  if (long === "--stack") return { kind: "stacks" };
  const what = /[<[](\w+)/.exec(flags)?.[1];
  return { kind: what === "folder" ? "folders" : what === "region" ? "regions" : "none" };
}

function argumentOf(command: Command): Values {
  const [argument] = command.registeredArguments;
  if (argument?.argChoices) return { kind: "words", words: argument.argChoices };
  return { kind: argument?.name() === "region" || argument?.name() === "regions" ? "regions" : "none" };
}
