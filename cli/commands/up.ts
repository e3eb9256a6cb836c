import type { Command } from "commander";
import { type Address, addressList } from "../../components/addresses";
import { engine } from "../../components/engine";
import { type Changes, EventLog } from "../../operations/deploy/events";
import { agree } from "../../operations/deploy/impact/agree";
import type { AreaImpact } from "../../operations/deploy/impact/report";
import {
  displayArgs,
  parallelArgs,
  policyArgs,
  SKIP_PREVIEW,
} from "../../operations/deploy/pulumi/arguments";
import { runPulumi } from "../../operations/deploy/pulumi/process";
import type { Violation } from "../../operations/deploy/pulumi/violations";
import { openForUp, type ReadyStack } from "../../operations/deploy/ready";
import { giveBackCpu } from "../../operations/deploy/recover/borrowed";
import { exportStack } from "../../operations/deploy/state/stack";
import type { Agreed } from "../../operations/deploy/underLock/agreed";
import { Handover } from "../../operations/deploy/underLock/order";
import { EXIT, type ExitCode } from "../../operations/failure";
import { settle } from "../../operations/verify/settle";
import type { Verification } from "../../operations/verify/verify";
import { say, sayJson } from "../say";
import {
  allowDataLossOption,
  EXIT_CODES_HELP,
  examples,
  hasTerminal,
  requireAnswer,
  type StackOptions,
  stackCommand,
} from "./options";

export interface UpOptions extends StackOptions {
  yes: boolean;
  json: boolean;
  allowDataLoss: string[];
}

export function upCommand(done: (code: ExitCode) => void): Command {
  return stackCommand("up", "make the platform what the files say")
    .option("-y, --yes", "do not ask before changing anything; needed without a terminal", false)
    .option("--json", "print the result as JSON on standard output, everything else on standard error", false)
    .addOption(allowDataLossOption())
    .argument("[pulumi-arguments...]", "passed to `pulumi up`, after --")
    .addHelpText(
      "after",
      examples([
        ["npm run up", "the stack dev; shows the changes and asks"],
        ["npm run up -- --stack prod --yes --json", "in a CI job"],
        ["npm run up -- -- --parallel 4", "with pulumi's own option --parallel"],
      ]) + EXIT_CODES_HELP,
    )
    .action(async (extra: string[], options: UpOptions) => done(await up(options, extra)));
}

async function up(options: UpOptions, extra: string[]): Promise<ExitCode> {
  const outcome = await bringUp(options, extra);
  if (options.json) sayJson(outcome);
  return outcome.result === "declined" || isAsDeclared(outcome) ? EXIT.done : EXIT.failed;
}

/** Did an `up` do everything, and is the platform what the files say? */
export function isAsDeclared({ result, verify }: UpOutcome): boolean {
  return result === "succeeded" && verify?.result === "ok";
}

/** Everything that `npm run up` does, but for its own JSON: for commands that go on to it. */
export async function bringUp(options: UpOptions, extra: string[] = []): Promise<UpOutcome> {
  requireAnswer(options.yes, "up");
  const ready = await openForUp(options.cwd, options.stack);
  return agreedUp(ready, {
    ...{ extra, yes: options.yes, allowDataLoss: options.allowDataLoss },
    stdout: options.json ? "stderr" : "inherit",
  });
}

interface UpHow {
  /** Arguments for `pulumi up`. */
  extra: string[];
  yes: boolean;
  allowDataLoss: string[];
  stdout: "inherit" | "stderr";
}

/** Preview, report and question, and then the change. @throws Stop (exit code 2) when data would be lost */
export async function agreedUp(ready: ReadyStack, how: UpHow): Promise<UpOutcome> {
  const begun = Date.now();
  const terminal = hasTerminal() && how.stdout === "inherit";
  const { verdict, impact, violations, state } = await agree(ready, { ...how, terminal });
  const agreed = { files: ready.files, state };
  const outcome =
    verdict === "go"
      ? await runUp(ready, { ...how, terminal, agreed })
      : { ...NOTHING_DONE, result: verdict };
  return { ...outcome, impact, violations, durationSeconds: Math.round((Date.now() - begun) / 100) / 10 };
}

/** What an `up` did; printed by `--json`. */
export interface UpOutcome {
  /**
   * `refused`: a policy, a failed preview or a change since the preview stopped it before anything was changed.
   * `declined`: a person did.
   */
  result: "succeeded" | "failed" | "refused" | "declined";
  /** Resources by what happened to them (`create`, `update`, `replace`, `delete`); empty when nothing changed. */
  changes: Changes;
  /** Where the platform answers; empty when the run failed. */
  addresses: Address[];
  durationSeconds: number;
  /** What the preview before it said, by region; empty when that was skipped. */
  impact: AreaImpact[];
  /** What the policies said of it then. */
  violations: Violation[];
  /** Is everything as declared? Absent when nothing was done. */
  verify?: Verification;
}

const NOTHING_DONE = { changes: {}, addresses: [] };

/** `pulumi up` on a checked stack, as agreed before. What Pulumi does not see is put right and verified after it. */
async function runUp(
  { open, platform }: ReadyStack,
  {
    extra,
    stdout,
    terminal,
    agreed,
  }: Omit<UpHow, "yes" | "allowDataLoss"> & { terminal: boolean; agreed: Agreed },
): Promise<Omit<UpOutcome, "impact" | "violations" | "durationSeconds">> {
  const log = new EventLog();
  const handover = new Handover({ task: "apply", agreed }, open.qualified);
  try {
    const code = await runPulumi(
      { ...open.place, env: { ...open.place.env, ...log.env, ...handover.env } },
      [
        ...["up", "--stack", open.qualified, "--config-file", open.settingsCopy],
        ...displayArgs(terminal),
        ...policyArgs(open.projectDir, open.stack),
        ...parallelArgs(platform.settings.dockerHost, extra),
        ...log.args,
        ...["--yes", SKIP_PREVIEW, ...extra.filter((arg) => arg !== SKIP_PREVIEW)],
      ],
      stdout,
    );
    if (handover.answer().refused !== undefined) return { ...NOTHING_DONE, result: "refused" };
    // A run that was not let in has lent nothing; what another one lends at the moment is not to be touched.
    if (code !== 0 && handover.isTaken) await giveBack({ open, platform });
    const verify = code === 0 ? await settle(platform, open.projectDir) : undefined;
    return {
      result: code === 0 ? "succeeded" : "failed",
      changes: log.changes(),
      // What the program exports, without asking the backend for it.
      addresses: code === 0 ? addressList(platform) : [],
      ...(verify && { verify }),
    };
  } finally {
    log.close();
    handover.close();
  }
}

/** What containers were lent while they started is taken back, also when the run ended before they were ready. */
async function giveBack({ open, platform }: Pick<ReadyStack, "open" | "platform">): Promise<void> {
  try {
    const state = await exportStack(open);
    await giveBackCpu(engine(platform.settings.dockerHost), state?.deployment ?? {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`Whether a container still has CPU that its start was lent could not be looked at: ${reason}`);
  }
}
