import type { Command } from "commander";
import { adminPassword } from "../../operations/deploy/adminPassword";
import { EXIT, type ExitCode } from "../exit";
import { say } from "../say";
import { EXIT_CODES, type StackOptions, stackCommand } from "./options";

export function adminPasswordCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("admin-password", "print the password of the first admin of the Nexus or of a region")
    .argument("[region]", "its name; without it, the Nexus")
    .examples(
      [
        ["npm run -s admin-password", "of the Nexus of dev"],
        ["npm run -s admin-password -- aurora --stack prod", "of a region of prod"],
      ],
      "The user is called admin. The password is the one that the server was told at its first start; whoever changed it\n" +
        `in the game knows the new one. Standard output has the password and nothing else.\n\n${EXIT_CODES}`,
    )
    .action(async (region: string | undefined, options: StackOptions) => done(await print(region, options)));
}

async function print(region: string | undefined, { cwd, stack }: StackOptions): Promise<ExitCode> {
  const password = await adminPassword(cwd, stack, region);
  say(`The first admin of ${region === undefined ? "the Nexus" : `region ${region}`}, user "admin":`);
  process.stdout.write(`${password}\n`);
  return EXIT.done;
}
