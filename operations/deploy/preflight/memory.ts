import type Docker from "dockerode";
import type { DesiredContainer } from "../../../catalog/desired";
import { NEXUS, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../../catalog/names";
import { serviceOf } from "../../../catalog/services";
import { postgresTuning } from "../../../components/postgres/files";
import { putFiles } from "../../../components/putFiles";
import { redisTuning } from "../../../components/redis/files";
import { type LiveTuning, memoryHeld, memoryInUse, wayOut } from "../../../components/resize";
import type { Platform } from "../../../platform";
import { nameOf } from "../../verify/inspected";
import type { HostProblem } from "./checks";

/** What the check needs to know beside the files. */
export interface MemoryCheck {
  docker: Docker;
  stackId: string;
  /** An `up` writes what a database's next start needs; a preview only says so. */
  mayWrite: boolean;
}

/**
 * Containers that use, or hold on to, more memory than their new limit allows. Asked of all before any limit is
 * changed: a region that is shrunk half-way has neither size.
 */
export async function memoryProblems(platform: Platform, check: MemoryCheck): Promise<HostProblem[]> {
  const { docker, stackId } = check;
  const running = await docker.listContainers({ filters: { label: [`${STACK_LABEL}=${stackId}`] } });
  const problems = await Promise.all(
    running.map(async ({ Id, Names, Labels }) => {
      const [region = "", role = ""] = [Labels[REGION_LABEL], Labels[ROLE_LABEL]];
      // One that the files no longer name goes.
      const desired = platform.desired.containers.find((one) => one.region === region && one.role === role);
      if (!desired) return undefined;
      const { limits } = desired;
      const inUse = await memoryInUse(docker, Id, limits.memoryBytes);
      if (inUse) return inUse;
      const tuning = declaredTuning(platform, desired);
      const held = tuning && (await memoryHeld(docker, Id, limits.memoryBytes, tuning));
      if (!held) return undefined;
      const name = nameOf(Names);
      if (check.mayWrite && tuning.freedBy === "restart")
        await writeTuning(check, platform.images.nginx.ref, desired, Labels, tuning);
      return `${held} ${wayOut(tuning, name, check.mayWrite)}`;
    }),
  );
  return problems.flatMap((message) => (message ? [{ message }] : []));
}

/** For the next start; the running service is not told. */
function writeTuning(
  { docker, stackId }: MemoryCheck,
  image: string,
  { config = "", user }: DesiredContainer,
  labels: Record<string, string>,
  { files }: LiveTuning,
): Promise<void> {
  return putFiles(docker, {
    image,
    labels: { ...labels, [STACK_LABEL]: stackId, [ROLE_LABEL]: "configure" },
    volumeName: config,
    user,
    files,
  });
}

function declaredTuning({ nexus, regions }: Platform, owner: DesiredContainer): LiveTuning | undefined {
  const { region } = owner;
  const budget = region === NEXUS ? nexus : regions.find(({ name }) => name === region)?.budget;
  const program = serviceOf(owner)?.image;
  if (budget && program === "postgres") return postgresTuning(budget.postgres);
  return budget && program === "redis" ? redisTuning(budget.redis) : undefined;
}
