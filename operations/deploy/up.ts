import { type Address, addressList } from "../../components/addresses";
import { engine } from "../../components/engine";
import type { Reporter } from "../reporter";
import { settle } from "../verify/settle";
import type { Verification } from "../verify/verify";
import { type Changes, EventLog } from "./events";
import { type AgreeHow, agree } from "./impact/agree";
import type { AreaImpact } from "./impact/impact";
import { displayArgs, parallelArgs, policyArgs, replaceArgs, SKIP_PREVIEW } from "./pulumi/arguments";
import { runPulumi } from "./pulumi/process";
import { withProgram } from "./pulumi/program";
import type { Violation } from "./pulumi/violations";
import { openForUp, type ReadyStack } from "./ready";
import { giveBackCpu } from "./recover/borrowed";
import { exportStack } from "./state/stack";
import type { Agreed } from "./underLock/agreed";
import { Handover } from "./underLock/order";

export interface UpHow extends AgreeHow {
  /** Is told what the host has after the change, compared with the files. */
  onVerified?(verification: Verification): void;
}

/** What an `up` did; printed by `--json`. */
export interface UpOutcome {
  /**
   * `refused`: a policy, a failed preview or a change since the preview stopped it before anything was changed.
   * `declined`: `confirm` did.
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

/** Did an `up` do everything, and is the platform what the files say? */
export function isAsDeclared({ result, verify }: UpOutcome): boolean {
  return result === "succeeded" && verify?.result === "ok";
}

/**
 * Makes the platform what the files say: checks, preview, agreement, change, verification.
 * @param stack its name, with organisation and project where the backend has them
 * @throws ConfigError or Failure (bad input) when nothing was changed, Failure on a held lock
 */
export async function up(projectDir: string, stack: string, how: UpHow): Promise<UpOutcome> {
  return agreedUp(await openForUp(projectDir, stack, how.reporter), how);
}

/** Preview, report and question, and then the change. @throws Failure (bad input) when data would be lost */
export async function agreedUp(ready: ReadyStack, how: UpHow): Promise<UpOutcome> {
  const begun = Date.now();
  const { verdict, impact, violations, state, judged } = await agree(ready, how);
  const outcome = await {
    go: () => runUp(ready, how, { files: ready.files, state }, judged === true),
    nothing: () => settled(ready, how, {}),
    declined: () => ({ ...NOTHING_DONE, result: "declined" as const }),
    refused: () => ({ ...NOTHING_DONE, result: "refused" as const }),
  }[verdict]();
  return { ...outcome, impact, violations, durationSeconds: Math.round((Date.now() - begun) / 100) / 10 };
}

type Done = Omit<UpOutcome, "impact" | "violations" | "durationSeconds">;

/**
 * `pulumi up` on a checked stack, as agreed before.
 * @param judged the policies have said all that they would say of it (docs/adr/0035)
 */
async function runUp(ready: ReadyStack, how: UpHow, agreed: Agreed, judged: boolean): Promise<Done> {
  const { open, platform } = ready;
  const { extra, reporter } = how;
  const log = new EventLog();
  const handover = new Handover({ task: "apply", agreed }, open.qualified);
  try {
    const place = { ...open.place, env: { ...open.place.env, ...log.env, ...handover.env } };
    const args = [
      ...["up", "--stack", open.qualified, "--config-file", open.settingsCopy],
      ...displayArgs(reporter.pulumi.live),
      ...(judged ? [] : policyArgs(open.projectDir, open.stack)),
      ...replaceArgs(ready.unready),
      ...parallelArgs(platform.settings.dockerHost, extra),
      ...log.args,
      ...["--yes", SKIP_PREVIEW, ...extra.filter((arg) => arg !== SKIP_PREVIEW)],
    ];
    const code = await withProgram(place, (program) =>
      runPulumi(place, [...args, ...program], reporter.pulumi),
    );
    if (handover.answer().refused !== undefined) return { ...NOTHING_DONE, result: "refused" };
    // A run that was not let in has lent nothing; what another one lends at the moment is not to be touched.
    if (code !== 0 && handover.isTaken) await giveBack({ open, platform }, reporter);
    return code === 0
      ? await settled(ready, how, log.changes())
      : { ...NOTHING_DONE, result: "failed", changes: log.changes() };
  } finally {
    log.close();
    handover.close();
  }
}

/** What Pulumi does not see is put right, and everything verified. */
async function settled(
  { open, platform }: ReadyStack,
  { reporter, onVerified }: UpHow,
  changes: Changes,
): Promise<Done> {
  const verify = await settle(platform, open.projectDir, reporter);
  onVerified?.(verify);
  // What the program exports, without asking the backend for it.
  return { result: "succeeded", changes, addresses: addressList(platform), verify };
}

/** What containers were lent while they started is taken back, also when the run ended before they were ready. */
async function giveBack(
  { open, platform }: Pick<ReadyStack, "open" | "platform">,
  { say }: Reporter,
): Promise<void> {
  try {
    const state = await exportStack(open);
    await giveBackCpu(engine(platform.settings.dockerHost), state?.deployment ?? {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(`Whether a container still has CPU that its start was lent could not be looked at: ${reason}`);
  }
}
