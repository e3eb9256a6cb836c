import type Docker from "dockerode";
import { DISK_KEEPER_LIMITS, DISK_ROLE } from "../../components/disk/access";
import { NEXUS, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../components/host";
import { memoryInUse } from "../../components/resize";
import type { ContainerLimits } from "../../config/tuning";
import type { Platform } from "../../platform";
import type { HostProblem } from "./checks";

/**
 * Containers that use more memory than their new limit allows. Asked of all before anything is changed: a region
 * that is shrunk half-way has neither size.
 */
export async function memoryProblems(
  platform: Platform,
  docker: Docker,
  stackId: string | undefined,
): Promise<HostProblem[]> {
  if (stackId === undefined) return [];
  const running = await docker.listContainers({ filters: { label: [`${STACK_LABEL}=${stackId}`] } });
  const problems = await Promise.all(
    running.map(async ({ Id, Labels }) => {
      const limits = declaredLimits(platform, Labels[REGION_LABEL] ?? "", Labels[ROLE_LABEL] ?? "");
      return limits && memoryInUse(docker, Id, limits.memoryBytes);
    }),
  );
  return problems.flatMap((message) => (message ? [{ message }] : []));
}

/** What the files say of a container, by its labels; undefined for one that they no longer name. */
export function declaredLimits(
  platform: Platform,
  region: string,
  role: string,
): ContainerLimits | undefined {
  const limits: Record<string, ContainerLimits> | undefined =
    region === NEXUS
      ? { ...platform.nexus.limits, [DISK_ROLE]: DISK_KEEPER_LIMITS }
      : platform.regions.find(({ name }) => name === region)?.budget.limits;
  return limits?.[role];
}
