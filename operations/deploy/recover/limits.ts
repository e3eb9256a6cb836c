import type Docker from "dockerode";
import { applyLimits, memoryInUse } from "../../../components/resize";
import type { Reporter } from "../../reporter";
import type { LimitRepair } from "../../verify/limits";

/**
 * Puts limits right that somebody changed by hand or that a container never got, while it runs: Pulumi sees no
 * difference in them. One that cannot be put right is said and stays drift of the verification that follows.
 * @returns how many containers were asked to change
 */
export async function repairLimits(
  docker: Docker,
  repairs: LimitRepair[],
  { say }: Reporter,
): Promise<number> {
  for (const repair of repairs) {
    const what = repair.differences.map((one) => `${one.what} ${one.enforced} instead of ${one.declared}`);
    say(`Putting the limits of ${repair.name} right: ${what.join(", ")}`);
    try {
      await repairOne(docker, repair);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
  return repairs.length;
}

async function repairOne(docker: Docker, { id, limits }: LimitRepair): Promise<void> {
  const inUse = await memoryInUse(docker, id, limits.memoryBytes);
  if (inUse !== undefined) throw new Error(inUse);
  await applyLimits(docker, id, limits);
}
