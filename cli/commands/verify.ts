import type { Command } from "commander";
import { ConfigError } from "../../config/problems";
import { shortName } from "../../operations/deploy/state/open";
import { connect, engineAddress } from "../../operations/docker/client";
import { badInput, EXIT, type ExitCode, Stop } from "../../operations/failure";
import { judge, lookAt } from "../../operations/verify/verify";
import { loadPlatform } from "../../platform";
import { sayJson } from "../say";
import { report } from "../verifyReport";
import { examples, type StackOptions, stackCommand } from "./options";

interface VerifyOptions extends StackOptions {
  json: boolean;
}

const EXIT_CODES =
  "\nExit codes: 0 all is as declared, 1 there is a gap, 2 it could not look (files, Docker).";

export function verifyCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("verify", "compare what the files declare with what Docker and the kernel enforce")
    .option("--json", "print the result as JSON on standard output", false)
    .addHelpText(
      "after",
      examples([
        ["npm run verify", "the stack dev; changes nothing"],
        ["npm run verify -- --stack prod --json", "for a monitoring job"],
      ]) + EXIT_CODES,
    )
    .action(async (options: VerifyOptions) => done(await verify(options)));
}

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, " ");
  return line.endsWith(".") ? line : `${line}.`;
}

async function verify({ cwd, stack, json }: VerifyOptions): Promise<ExitCode> {
  const platform = loadPlatform({ projectDir: cwd, stack: shortName(stack) });
  const docker = await connect(platform.settings.dockerHost);
  const sides = await lookAt(platform, docker, "count").catch((error: unknown) => {
    if (error instanceof Stop || error instanceof ConfigError) throw error;
    // Whatever it was, nothing was compared, and nothing is known to be wrong.
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    throw badInput(`Docker at ${engineAddress(platform.settings.dockerHost)} cannot be judged: ${reason}`);
  });
  const verification = judge(platform.stack, sides);
  if (json) sayJson(verification);
  else process.stdout.write(`${report(verification)}\n`);
  return verification.result === "ok" ? EXIT.done : EXIT.failed;
}
