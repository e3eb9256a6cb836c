import type Docker from "dockerode";
import type { ContainerLimits } from "../config/tuning";
import { MIB } from "../config/units";
import { execIn } from "./exec";
import type { PlainFile } from "./putFiles";

export const CPU_PERIOD_MICROS = 100_000;

/** The CPU quota of a period, as Docker and the provider want it. */
export function cpuQuota({ cpuMillis }: Pick<ContainerLimits, "cpuMillis">): number {
  return (cpuMillis * CPU_PERIOD_MICROS) / 1000;
}

/** Settings of a service that follow from its memory and that it takes while it runs. */
export interface LiveTuning {
  /** Rewritten at every resize. Not part of the container's digest, so that a change does not replace it. */
  files: PlainFile[];
  /** Command in the container that makes the running service read the files. */
  reload: string[];
  /**
   * Command in the container that prints the bytes below which its memory must not go: what the service holds by
   * settings that it only drops at a restart, or what it stores.
   */
  minimum: string[];
  /** What makes it hold less. */
  freedBy: "restart" | "clients";
}

/** What a container keeps free when its memory shrinks: the kernel kills at the limit, and usage moves. */
const HEADROOM_BYTES = 16 * MIB;

/**
 * Changes the limits of a running container without a restart, and reads back what it got. The Engine's API does it,
 * because the provider reports a new CPU quota without setting it, and has no argument for pids
 * (test/engine/conformance.test.ts).
 * @throws Error when the container has other limits afterwards
 */
export async function applyLimits(docker: Docker, id: string, limits: ContainerLimits): Promise<void> {
  const container = docker.getContainer(id);
  const wanted = {
    Memory: limits.memoryBytes,
    // Together with memory: without it, the Engine refuses memory above the old total.
    MemorySwap: limits.memoryBytes,
    CpuPeriod: CPU_PERIOD_MICROS,
    CpuQuota: cpuQuota(limits),
    PidsLimit: limits.pids,
  };
  await container.update(wanted);
  const { Name, HostConfig } = await container.inspect();
  const wrong = Object.entries(wanted).filter(
    ([key, value]) => HostConfig[key as keyof typeof wanted] !== value,
  );
  if (wrong.length === 0) return;
  const listed = wrong.map(
    ([key, value]) => `${key} is ${HostConfig[key as keyof typeof wanted]}, not ${value}`,
  );
  throw new Error(
    `The Engine did not apply the limits of ${Name.slice(1)}: ${listed.join(", ")}. Run \`up\` again; if it stays, ` +
      "its host's kernel or Docker does not support that limit.",
  );
}

/**
 * Why a container's memory cannot be made so small now: it is in use, and the kernel would kill its processes.
 * @returns one sentence with the figures and the way out; undefined when nothing speaks against it
 */
export async function memoryInUse(
  docker: Docker,
  id: string,
  memoryBytes: number,
): Promise<string | undefined> {
  const container = docker.getContainer(id);
  const { Name, HostConfig, State } = await container.inspect();
  const limit = HostConfig.Memory ?? 0;
  if (!State.Running || memoryBytes >= limit) return undefined;
  const name = Name.slice(1);
  // The Engine never answers what a paused container uses.
  if (State.Paused)
    return `${name} is paused, so its memory cannot be looked at. End that: docker unpause ${name}`;
  const { memory_stats } = await container.stats({ stream: false, "one-shot": true });
  const { inactive_file, total_inactive_file } = memory_stats.stats as unknown as Record<string, number>;
  // As Docker counts it: without the page cache, which the kernel gives back.
  const used = memory_stats.usage - (total_inactive_file ?? inactive_file ?? 0);
  if (used + HEADROOM_BYTES <= memoryBytes) return undefined;
  return (
    `${name} uses ${mib(used)} of its ${mib(limit)} of memory, and its new limit of ${mib(memoryBytes)} must leave ` +
    `${mib(HEADROOM_BYTES)} above that. Choose a larger size, free memory in it, or restart it (docker restart ` +
    `${name}), and run \`up\` again.`
  );
}

/**
 * Why a service cannot do with so little memory now, although it may use less at the moment: it holds more by the
 * settings of its last start, or by what it stores.
 * @returns one sentence with the figures; undefined when nothing speaks against it
 */
export async function memoryHeld(
  docker: Docker,
  id: string,
  memoryBytes: number,
  { minimum }: LiveTuning,
): Promise<string | undefined> {
  const { Name, HostConfig, State } = await docker.getContainer(id).inspect();
  if (!State.Running || memoryBytes >= (HostConfig.Memory ?? 0)) return undefined;
  const least = Number((await execIn(docker, id, minimum)).trim());
  if (memoryBytes >= least) return undefined;
  return `${Name.slice(1)} holds on to ${mib(least)} of memory, and its new limit is ${mib(memoryBytes)}.`;
}

/**
 * What to do about {@link memoryHeld}.
 * @param name the container's
 * @param written are the settings of its next start those of the smaller size already?
 */
export function wayOut({ freedBy }: LiveTuning, name: string, written: boolean): string {
  if (freedBy === "clients") return `Delete some of what ${name} stores, or choose a larger size.`;
  const restart = `restart it when that suits (docker restart ${name}), and run \`up\` again`;
  return written
    ? `Its next start will take less: ${restart}.`
    : `\`up\` writes what its next start needs and stops there. Then ${restart}.`;
}

function mib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
