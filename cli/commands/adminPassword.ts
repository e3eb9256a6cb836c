import { existsSync } from "node:fs";
import type { Command } from "commander";
import { adminPasswordIn } from "../../operations/deploy/pulumi/deployment";
import { openStack, shortName } from "../../operations/deploy/state/open";
import { settingsPath } from "../../operations/deploy/state/settingsFile";
import { exportStack } from "../../operations/deploy/state/stack";
import { badInput, EXIT, type ExitCode } from "../../operations/failure";
import { say } from "../say";
import { EXIT_CODES_HELP, examples, type StackOptions, stackCommand } from "./options";

export function adminPasswordCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("admin-password", "print the password of the first admin of the Nexus or of a region")
    .argument("[region]", "its name; without it, the Nexus")
    .addHelpText(
      "after",
      examples([
        ["npm run -s admin-password", "of the Nexus of dev"],
        ["npm run -s admin-password -- aurora --stack prod", "of a region of prod"],
      ]) +
        "\nThe user is called admin. The password is the one that the server was told at its first start; whoever changed it\n" +
        "in the game knows the new one. Standard output has the password and nothing else.\n" +
        EXIT_CODES_HELP,
    )
    .action(async (region: string | undefined, options: StackOptions) => done(await print(region, options)));
}

async function print(region: string | undefined, { cwd, stack }: StackOptions): Promise<ExitCode> {
  if (!existsSync(settingsPath(cwd, shortName(stack)))) {
    throw badInput(`Stack "${stack}" has no settings: there is no Pulumi.${shortName(stack)}.yaml.`);
  }
  const open = openStack(cwd, stack, "change");
  // Decrypted in memory alone: nothing writes it anywhere.
  const state = await exportStack(open, ["--show-secrets"]);
  const password = state && adminPasswordIn(state, region);
  if (password === undefined) {
    const whose = region === undefined ? "no Nexus" : `no region "${region}"`;
    throw badInput(
      `Stack "${open.stack}" has ${whose}. Bring it up first, and check the name: npm run region -- list`,
    );
  }
  say(`The first admin of ${region === undefined ? "the Nexus" : `region ${region}`}, user "admin":`);
  process.stdout.write(`${password}\n`);
  return EXIT.done;
}
