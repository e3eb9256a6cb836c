import type Docker from "dockerode";
import { failed } from "../../failure";
import type { Reporter } from "../../reporter";
import { type Deployment, ROOT_STACK, type StackExport } from "../pulumi/deployment";
import { capturePulumi, type PulumiPlace } from "../pulumi/process";
import { withProgram } from "../pulumi/program";
import type { OpenStack } from "../state/open";
import { deploymentOf, exportStack, requireUnlocked } from "../state/stack";
import { Handover } from "../underLock/order";
import { engineObjects, settledObjects } from "./engine";
import { endLeftovers } from "./leftovers";
import { clearLock, lockRefusal } from "./lock";
import { describePlan, isEmpty, planRecovery, type RecoveryPlan } from "./plan";

/** A stack on which nobody else was at work when it was looked at. */
export interface FoundState {
  /** Undefined when the backend knows no such stack. */
  state: StackExport | undefined;
  /** Did the last run end by a kill, so that the Engine may still be doing what it asked for? */
  killed: boolean;
}

/**
 * Looks at the lock, which comes before anything is written anywhere: removes that of a run that was killed, and
 * ends its plugins.
 * @throws Failure when another run holds the lock
 */
export async function findState(open: OpenStack, reporter: Reporter): Promise<FoundState> {
  const locked = clearLock(open, true, reporter);
  const state = await exportStack(open);
  if (state) await requireUnlocked(open);
  const running = endLeftovers(open.projectDir, reporter);
  return { state, killed: locked || running };
}

/**
 * Brings state and Docker back together after a run that was killed, so that the next one ends where an undisturbed
 * one would have. What is found here only decides whether there is work: it is done by a run of Pulumi that holds
 * the update lock and looks again. Only the objects in question are touched: a refresh of everything would be slow,
 * and would take one hiccup of the Engine for a lost network.
 * @returns the state afterwards, and what it does not put right: what never got ready is replaced as previewed
 * @throws Failure when another run holds the lock, or pulumi cannot do its part.
 */
export async function recover(
  open: OpenStack,
  docker: Docker,
  found: FoundState,
  { say }: Reporter,
): Promise<Recovered> {
  if (!found.state) return { deployment: {}, unready: [] };
  const read = found.killed ? settledObjects : engineObjects;
  const planFor = async (deployment: Deployment): Promise<RecoveryPlan> =>
    planRecovery(deployment, await read(docker, deployment));
  const first = await planFor(found.state.deployment);
  if (isEmpty(first)) return recovered(found.state.deployment, first);
  // Found some time ago: another run may have begun and ended since.
  const deployment = await deploymentOf(open);
  const plan = await planFor(deployment);
  if (isEmpty(plan)) return recovered(deployment, plan);

  say("State and Docker differ, as after a run that was killed. Putting right:");
  for (const line of describePlan(plan)) say(`  ${line}`);
  await repairUnderLock(open, deployment, plan);
  const repaired = await deploymentOf(open);
  if (repaired.pending_operations?.length) await clearSteps(open, repaired);
  return recovered(repaired, plan);
}

/** A state that agrees with Docker, and what an `up` has to replace besides. */
export interface Recovered {
  deployment: Deployment;
  /** URNs of containers that never got ready. */
  unready: string[];
}

function recovered(deployment: Deployment, { failed }: RecoveryPlan): Recovered {
  return { deployment, unready: failed.map(({ urn }) => urn) };
}

/**
 * Only says what {@link recover} would do, for a preview.
 * @param state as it was found; absent where there is none
 * @returns URNs of containers that never got ready
 */
export async function reportRecovery(
  open: OpenStack,
  docker: Docker,
  state: Deployment | undefined,
  reporter: Reporter,
): Promise<string[]> {
  const { say } = reporter;
  clearLock(open, false, reporter);
  if (!state) return [];
  const plan = planRecovery(state, await engineObjects(docker, state));
  if (!isEmpty(plan)) {
    say("State and Docker differ, as after a run that was killed. `up` will first put right:");
    for (const line of describePlan(plan)) say(`  ${line}`);
  }
  return recovered(state, plan).unready;
}

/**
 * One refresh of the objects in question. The program removes the leftovers meanwhile (`underLock/repair.ts`), and
 * steps that had begun are dropped, but for creations.
 */
async function repairUnderLock(open: OpenStack, deployment: Deployment, plan: RecoveryPlan): Promise<void> {
  const handover = new Handover({ task: "repair" }, open.qualified);
  const place = { ...open.place, env: { ...open.place.env, ...handover.env } };
  const all = [...roots(deployment), ...plan.lost, ...plan.stopped, ...plan.well];
  try {
    await withProgram(place, (program) =>
      refresh(open, place, ["--run-program", ...program, ...targets(all)]),
    );
  } finally {
    handover.close();
  }
}

/**
 * Pulumi drops an unfinished creation only from outside of a run, by reading the state and writing it back in one
 * go, under the lock from the first byte it writes. It is asked right after a run that held the lock, so that no
 * other was at work when it reads.
 */
async function clearSteps(open: OpenStack, deployment: Deployment): Promise<void> {
  await refresh(open, open.place, ["--clear-pending-creates", ...targets(roots(deployment))]);
}

/** A refresh needs a target, or it is one of everything; the root is nothing outside of the state. */
function roots({ resources = [] }: Deployment): { urn: string }[] {
  return resources.filter(({ type }) => type === ROOT_STACK);
}

function targets(resources: { urn: string }[]): string[] {
  return resources.flatMap(({ urn }) => ["--target", urn]);
}

async function refresh(open: OpenStack, place: PulumiPlace, args: string[]): Promise<void> {
  const { code, stdout, stderr } = await capturePulumi(place, [
    "refresh",
    ...["--yes", "--skip-preview", "--suppress-progress", "--stack", open.qualified],
    ...["--config-file", open.settingsCopy],
    ...args,
  ]);
  if (code === 0) return;
  const words = `${stdout.trim()}\n${stderr.trim()}`;
  throw failed(lockRefusal(open.stack, words) ?? `State and Docker could not be brought together:\n${words}`);
}
