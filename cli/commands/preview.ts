import type { Command } from "commander";
import { displayArgs, policyArgs } from "../pulumi/arguments";
import { runPulumi } from "../pulumi/process";
import { openForPreview } from "../ready";
import { EXIT, type ExitCode } from "../stop";
import { EXIT_CODES_HELP, examples, hasTerminal, type StackOptions, stackCommand } from "./options";

interface PreviewOptions extends StackOptions {
  json: boolean;
  expectNoChanges: boolean;
}

export function previewCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("preview", "show what `up` would change, and change nothing")
    .option("--json", "print pulumi's JSON on standard output, everything else on standard error", false)
    .option("--expect-no-changes", "end with exit code 1 when there is any change (drift check)", false)
    .argument("[pulumi-arguments...]", "passed to `pulumi preview`, after --")
    .addHelpText(
      "after",
      examples([
        ["npm run preview", "the stack dev"],
        ["npm run preview -- --stack prod", "prod; needs no backend and no Docker host"],
        ["npm run preview -- --stack prod --json", "for a CI job"],
        ["npm run preview -- --expect-no-changes", "is everything as the files say?"],
        ["npm run preview -- -- --diff", "with pulumi's own option --diff"],
      ]) + EXIT_CODES_HELP,
    )
    .action(async (extra: string[], options: PreviewOptions) => done(await preview(options, extra)));
}

async function preview(options: PreviewOptions, extra: string[]): Promise<ExitCode> {
  const { open } = await openForPreview(options.cwd, options.stack);
  try {
    const code = await runPulumi(open.place, [
      "preview",
      ...["--stack", open.qualified, "--config-file", open.settingsCopy],
      ...(options.json ? ["--json", "--non-interactive"] : displayArgs(hasTerminal())),
      ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
      ...policyArgs(open.projectDir, open.stack),
      ...extra,
    ]);
    return code === 0 ? EXIT.done : EXIT.failed;
  } finally {
    open.close();
  }
}
