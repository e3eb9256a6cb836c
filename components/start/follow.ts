import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { ContainerLimits } from "../../config/tuning";
import { type CpuNeeds, patience } from "../../regions/patience";
import { gone } from "../engine";
import type { StartCpu } from "./startCpu";

export interface Start {
  docker: Docker;
  role: string;
  /** Container's name on the host. */
  name: string;
  needs: CpuNeeds;
  limits: ContainerLimits;
}

const LOOK_MS = 500;
const SAY_EVERY_MS = 30_000;
/** Before the provider gives up: what was lent is back when the program ends. */
const BEFORE_THE_END_MS = 10_000;
/** On its own CPU, a start that is shorter than this is left alone: each change of a limit is work, too. */
const SHORT_SECONDS = 4;

/** Does the start of such a container take so long on its own CPU that it is worth lending it more? */
export function isSlow(
  { startCpuSeconds }: CpuNeeds,
  { cpuMillis }: Pick<ContainerLimits, "cpuMillis">,
): boolean {
  return (startCpuSeconds * 1000) / cpuMillis > SHORT_SECONDS;
}

/**
 * Follows the start of a container that is about to be made, while the provider waits for it: it has what its region
 * can lend from its first moment until it is ready. Says on long waits how far it is. It never fails: a start without
 * more CPU is slower, and what is left behind is seen by `verify`.
 */
export async function follow(cpu: StartCpu, start: Start): Promise<void> {
  const { role, name, docker, limits, needs } = start;
  const until = Date.now() + patience(needs, limits.cpuMillis) * 1000 - BEFORE_THE_END_MS;
  try {
    const id = await appears(docker, name, until);
    if (id === undefined) return;
    await cpu.begin(role, id);
    await untilReady(cpu, start, id, until);
    await cpu.end(role);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(
      `${name}: the CPU of its region was not lent to its start as it should be: ${reason}`,
    );
  }
}

/** The container is made by the provider, which tells nobody before it is ready. */
async function appears(docker: Docker, name: string, until: number): Promise<string | undefined> {
  while (Date.now() < until) {
    const info = await docker.getContainer(name).inspect().catch(gone);
    if (info) return info.Id;
    await pause();
  }
  return undefined;
}

async function untilReady(cpu: StartCpu, start: Start, id: string, until: number): Promise<void> {
  const { docker, name, role, limits, needs } = start;
  const begun = Date.now();
  let said = begun;
  while (Date.now() < until && cpu.isStarting(role)) {
    const info = await docker.getContainer(id).inspect().catch(gone);
    if (!info || info.State.Health?.Status === "healthy") return;
    if (Date.now() - said >= SAY_EVERY_MS) {
      said = Date.now();
      const waited = Math.round((said - begun) / 1000);
      await pulumi.log.info(
        `${name} has been starting for ${waited} s; about ${needs.startCpuSeconds} CPU-seconds are expected, and ` +
          `it is waited for up to ${patience(needs, limits.cpuMillis)} s.`,
      );
    }
    await pause();
  }
}

/** Does not keep the program alive: it ends when everything is made. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref());
}
