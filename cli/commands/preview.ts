import { type Command, Option } from "commander";
import { isRefused } from "../../operations/deploy/impact/gate";
import { renderMarkdown } from "../../operations/deploy/impact/render";
import { displayArgs } from "../../operations/deploy/pulumi/arguments";
import { capturePreview, type PreviewRun, runPreview } from "../../operations/deploy/pulumi/preview";
import { openForPreview } from "../../operations/deploy/ready";
import type { OpenStack } from "../../operations/deploy/state/open";
import type { PulumiDisplay } from "../../operations/reporter";
import { EXIT, type ExitCode } from "../exit";
import { renderText } from "../impactTable";
import { sayJson, terminalReporter } from "../say";
import { type StackOptions, stackCommand } from "./options";

interface PreviewOptions extends StackOptions {
  json: boolean;
  markdown: boolean;
  expectNoChanges: boolean;
  host: boolean;
}

export function previewCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("preview", "show what `up` would change, and change nothing")
    .option(
      "--json",
      "print pulumi's JSON with our report on standard output, all else on standard error",
      false,
    )
    .addOption(
      new Option("--markdown", "print our report as Markdown on standard output, all else on standard error")
        .default(false)
        .conflicts("json"),
    )
    .option("--expect-no-changes", "end with exit code 1 when there is any change (drift check)", false)
    .option("--no-host", "compare the files with the state alone: the Docker host is not asked")
    .argument("[pulumi-arguments...]", "passed to `pulumi preview`, after --")
    .examples([
      ["npm run preview", "the stack dev"],
      ["npm run preview -- --stack prod", "prod; needs no backend and no Docker host"],
      ["npm run preview -- --stack prod --json", "for a CI job"],
      ["npm run preview -- --stack prod --no-host --markdown", "for a comment on a pull request"],
      ["npm run preview -- --expect-no-changes", "is everything as the files say?"],
      ["npm run preview -- -- --diff", "with pulumi's own option --diff"],
    ])
    .action(async (extra: string[], options: PreviewOptions) => done(await preview(options, extra)));
}

async function preview(options: PreviewOptions, extra: string[]): Promise<ExitCode> {
  const reporter = terminalReporter(options.json || options.markdown ? "stderr" : "inherit");
  const { open, unready } = await openForPreview(options.cwd, options.stack, options.host, reporter);
  try {
    const args = [...(options.expectNoChanges ? ["--expect-no-changes"] : []), ...extra];
    const { code, impact } = await (options.json
      ? previewAsJson(open, { args, unready })
      : previewAsText(open, { args, unready }, reporter.pulumi, options.markdown));
    if (code !== 0) return EXIT.failed;
    return isRefused(impact) ? EXIT.badInput : EXIT.done;
  } finally {
    open.close();
  }
}

/** Arguments for pulumi, and containers that never got ready. */
type What = { args: string[]; unready: string[] };

async function previewAsText(
  open: OpenStack,
  { args, unready }: What,
  display: PulumiDisplay,
  markdown: boolean,
): Promise<PreviewRun> {
  const run = await runPreview(open, { args: [...displayArgs(display.live), ...args], unready, display });
  const report = markdown ? renderMarkdown(run.impact) : `What this means:\n\n${renderText(run.impact)}`;
  // Half a preview would give half a report.
  if (run.code === 0) process.stdout.write(`${report}\n`);
  return run;
}

/** Pulumi's document, with ours in it. */
async function previewAsJson(open: OpenStack, what: What): Promise<PreviewRun> {
  const run = await capturePreview(open, what);
  process.stderr.write(run.stderr);
  const { document } = parsed(run.stdout);
  if (document) sayJson({ ...document, impact: run.impact, violations: run.violations });
  else process.stdout.write(run.stdout);
  return run;
}

function parsed(text: string): { document?: object } {
  try {
    return { document: JSON.parse(text) as object };
  } catch {
    return {};
  }
}
