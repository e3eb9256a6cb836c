import type Docker from "dockerode";
import { CPU_PERIOD_MICROS } from "../../../components/resize";
import { type Deployment, DOCKER_CONTAINER, resourcesOf, type StateResource } from "../pulumi/deployment";

/**
 * Sets the CPU of containers to what the state says. A run that failed may have ended while one was starting on what
 * its region lent it (components/start/); what a later `up` would put right is put right at once.
 * @returns how many containers had something else
 */
export async function giveBackCpu(docker: Docker, deployment: Deployment): Promise<number> {
  const changed = await Promise.all(
    resourcesOf(deployment, DOCKER_CONTAINER).map((container) => giveBack(docker, container)),
  );
  return changed.filter(Boolean).length;
}

async function giveBack(docker: Docker, { id, inputs }: StateResource): Promise<boolean> {
  const quota = inputs?.cpuQuota;
  if (id === undefined || typeof quota !== "number") return false;
  const container = docker.getContainer(id);
  try {
    const { HostConfig } = await container.inspect();
    if (HostConfig.CpuQuota === quota) return false;
    await container.update({ CpuPeriod: CPU_PERIOD_MICROS, CpuQuota: quota });
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    return false;
  }
}
