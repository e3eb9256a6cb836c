import { engine } from "../../../components/engine";
import { readStack } from "../../../platform";
import { ROOT_STACK } from "../pulumi/deployment";
import { removeObjects, settledObjects } from "../recover/engine";
import { planRecovery } from "../recover/plan";
import { type Held, stateNow } from "./held";

/**
 * Removes the stack's containers and networks that its state does not know. Only the program may do that, in a run
 * that holds the update lock: what another run has just made is not in the state either, until it says so.
 * @returns the stack's outputs as they are, for the program to export: it declares nothing else in such a run
 */
export async function removeLeftovers(held: Held): Promise<unknown> {
  const { settings } = readStack({ projectDir: held.projectDir, stack: held.name });
  const deployment = await stateNow(held);
  const docker = engine(settings?.dockerHost);
  const objects = await settledObjects(docker, deployment);
  await removeObjects(docker, planRecovery(deployment, objects).orphans);
  const root = deployment.resources?.find(({ type }) => type === ROOT_STACK);
  return root?.outputs?.addresses;
}
