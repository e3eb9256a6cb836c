import type Docker from "dockerode";
import { type StackExport, stackIdOf } from "../pulumi/deployment";
import { capturePulumi } from "../pulumi/process";
import { say } from "../say";
import type { OpenStack } from "../state/open";
import { exportStack, importStack } from "../state/stack";
import { failed } from "../stop";
import { engineObjects, removeObjects, settledObjects } from "./engine";
import { endLeftovers } from "./leftovers";
import { assertUnlocked, clearLock } from "./lock";
import { describePlan, isEmpty, planRecovery, type RecoveryPlan } from "./plan";

/**
 * Brings state and Docker back together after a run that was killed, so that the next one ends where an undisturbed
 * one would have. Only the objects in question are touched: a refresh of everything would be slow, and would take
 * one hiccup of the Engine for a lost network.
 * @param known the state, if it has been read already
 * @throws Stop (exit code 1) when another run holds the lock, or pulumi cannot do its part.
 */
export async function recover(open: OpenStack, docker: Docker, known?: StackExport): Promise<void> {
  const locked = await clearLock(open, true);
  const running = endLeftovers(open.projectDir);
  const state = locked || !known ? await exportStack(open) : known;
  if (!state) return;
  const read = locked || running ? settledObjects : engineObjects;
  const objects = await read(docker, stackIdOf(state.deployment));
  const plan = planRecovery(state.deployment, objects);
  if (isEmpty(plan)) return;

  say("State and Docker differ, as after a run that was killed. Putting right:");
  for (const line of describePlan(plan)) say(`  ${line}`);
  if (plan.orphans.length > 0) assertUnlocked(open);
  await removeObjects(docker, plan.orphans);
  if (plan.pending > 0) {
    await importStack(open, { ...state, deployment: { ...state.deployment, pending_operations: [] } });
  }
  await refresh(open, plan);
}

/** Only says what {@link recover} would do, for a preview. */
export async function reportRecovery(open: OpenStack, docker: Docker): Promise<void> {
  await clearLock(open, false);
  const state = await exportStack(open);
  if (!state) return;
  const plan = planRecovery(state.deployment, await engineObjects(docker, stackIdOf(state.deployment)));
  if (isEmpty(plan)) return;
  say("State and Docker differ, as after a run that was killed. `up` will first put right:");
  for (const line of describePlan(plan)) say(`  ${line}`);
}

async function refresh(open: OpenStack, plan: RecoveryPlan): Promise<void> {
  const targets = [...plan.lost, ...plan.stopped].flatMap(({ urn }) => ["--target", urn]);
  if (targets.length === 0) return;
  const { code, stdout, stderr } = await capturePulumi(open.place, [
    "refresh",
    ...["--yes", "--skip-preview", "--suppress-progress", "--stack", open.qualified],
    ...["--config-file", open.settingsCopy],
    ...targets,
  ]);
  if (code !== 0)
    throw failed(`The state could not be compared with Docker:\n${stdout.trim()}\n${stderr.trim()}`);
}
