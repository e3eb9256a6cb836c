import type { Command } from "commander";
import { verifyStack } from "../../operations/verify/verifyStack";
import { EXIT, type ExitCode } from "../exit";
import { sayJson } from "../say";
import { report } from "../verifyReport";
import { type StackOptions, stackCommand } from "./options";

interface VerifyOptions extends StackOptions {
  json: boolean;
}

const EXIT_CODES = "Exit codes: 0 all is as declared, 1 there is drift, 2 it could not look (files, Docker).";

export function verifyCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("verify", "compare what the files declare with what Docker and the kernel enforce")
    .option("--json", "print the result as JSON on standard output", false)
    .examples(
      [
        ["npm run verify", "the stack dev; changes nothing"],
        ["npm run verify -- --stack prod --json", "for a monitoring job"],
      ],
      EXIT_CODES,
    )
    .action(async (options: VerifyOptions) => done(await verify(options)));
}

async function verify({ cwd, stack, json }: VerifyOptions): Promise<ExitCode> {
  const verification = await verifyStack(cwd, stack);
  if (json) sayJson(verification);
  else process.stdout.write(`${report(verification)}\n`);
  return verification.result === "ok" ? EXIT.done : EXIT.failed;
}
