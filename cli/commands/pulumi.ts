import type { Command } from "commander";
import {
  stackInArgs,
  stackToMake,
  withSettingsCopy,
  worksOnCopy,
} from "../../operations/deploy/pulumi/arguments";
import { runPulumi } from "../../operations/deploy/pulumi/process";
import { openStack } from "../../operations/deploy/state/open";
import { createStack, exportStack } from "../../operations/deploy/state/stack";
import { ExplainedCommand, PROJECT_DIR } from "./options";

const ON_TERMINAL = { stdio: "inherit" } as const;

const PRINT_ENV = "--print-env";

export function pulumiCommand(done: (code: number) => void): Command {
  return new ExplainedCommand("pulumi")
    .description("run any command of pulumi with the stack's state, secrets and settings")
    .argument("[arguments...]", `for pulumi; or ${PRINT_ENV}: variables for a pulumi of your own`)
    .allowUnknownOption()
    .passThroughOptions()
    .examples(
      [
        ["npm run pulumi -- stack", "what the stack dev holds"],
        ["npm run pulumi -- preview --stack prod --diff", "any command, any option"],
        [
          'eval "$(npm run -s pulumi -- --print-env)"',
          "then plain `pulumi preview` and `pulumi up` work here",
        ],
      ],
      "Plain `pulumi` writes a line `encryptionsalt` to the settings file, which our commands keep out of git.\n" +
        "Exit code: pulumi's own.",
    )
    .action(async (args: string[]) => done(await passThrough(args)));
}

/** They change which backend is the person's own, so they must not see the one that we chose. */
const LOGIN_COMMANDS = new Set(["login", "logout"]);

async function passThrough(args: string[]): Promise<number> {
  if (LOGIN_COMMANDS.has(args[0] ?? ""))
    return runPulumi({ cwd: PROJECT_DIR, env: process.env }, args, ON_TERMINAL);
  const made = stackToMake(args);
  const stack = made?.stack ?? stackInArgs(args) ?? process.env.PULUMI_STACK ?? "dev";
  const open = openStack(PROJECT_DIR, stack, "change", made?.secretsProvider);
  const printEnv = args[0] === PRINT_ENV;
  // An own state is ours to make; in a given one, that is the person's decision.
  const needsStack = printEnv || worksOnCopy(args) || args[0] === "config";
  if (open.state.kind === "own" && needsStack && !(await exportStack(open))) {
    await createStack(open);
  }
  if (printEnv) return sayVariables({ ...open.variables, PULUMI_STACK: open.qualified });
  // A stack that is to be made cannot be the chosen one yet.
  const place = made ? { ...open.place, env: { ...open.place.env, PULUMI_STACK: "" } } : open.place;
  return runPulumi(place, withSettingsCopy(args, open.settingsCopy), ON_TERMINAL);
}

/** With the Pulumi of the set-up and its plugins, and its Node, where the person has none of their own. */
function sayVariables(variables: Record<string, string>): number {
  const { NEXUS_NODE: node, NEXUS_PULUMI: bin, PULUMI_HOME: home } = process.env;
  const lines = Object.entries({ ...variables, ...(bin && home && { PULUMI_HOME: home }) }).map(
    ([key, value]) => `export ${key}=${quoted(value)}`,
  );
  for (const folder of [node, bin]) if (folder) lines.push(`export PATH=${quoted(folder)}:"$PATH"`);
  process.stdout.write(`${lines.join("\n")}\n`);
  return 0;
}

/** For a shell. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
