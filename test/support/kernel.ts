import { readFileSync } from "node:fs";
import { type Cgroup, cgroupOf, type ReadLimits, readCgroup } from "../../operations/verify/cgroup";
import type { ContainerLimits } from "../../regions/model";
import { docker, execIn } from "./containers";

/** Prints what the kernel holds a container to, whichever version of control groups the host has. */
const READ_LIMITS = `
cd /sys/fs/cgroup
if [ -f memory.max ]; then
  echo memory $(cat memory.max)
  echo swap $(cat memory.swap.max 2>/dev/null || echo none)
  echo cpu $(cat cpu.max)
  echo pids $(cat pids.max)
else
  limit=$(cat memory/memory.limit_in_bytes)
  total=$(cat memory/memory.memsw.limit_in_bytes 2>/dev/null || echo none)
  echo memory $limit
  [ "$total" = none ] && echo swap none || echo swap $((total - limit))
  echo cpu $(cat cpu/cpu.cfs_quota_us) $(cat cpu/cpu.cfs_period_us)
  echo pids $(cat pids/pids.max)
fi
cat /proc/1/status`;

/** What the kernel says of a container's first process: its limits, and everything in `/proc/1/status`. */
export async function kernelFacts(id: string): Promise<Record<string, string>> {
  const text = await execIn(id, ["sh", "-c", READ_LIMITS]);
  const lines = text.split("\n").map((line) => /^(\w+):?\s+(.*)$/.exec(line)?.slice(1) ?? []);
  return Object.fromEntries(lines);
}

/** The same for limits as the model declares them. A kernel without swap accounting says `none`. */
export function kernelForm({ cpuMillis, memoryBytes, pids }: ContainerLimits): Record<string, string> {
  return { cpu: `${cpuMillis * 100} 100000`, memory: String(memoryBytes), pids: String(pids) };
}

/**
 * Where this machine's kernel keeps the limits of a running container, to be read often and without a process in it.
 * @throws Error when the Engine's kernel is not this machine's
 */
export async function limitsReader(id: string): Promise<() => ReadLimits> {
  const files = await groupOf(id);
  return () => {
    const found = files && readCgroup(files, read);
    if (!found) throw new Error(`This machine's kernel has no control group of the container ${id}.`);
    return found.limits;
  };
}

/** What a running container met so far of its limits. */
export interface Strain {
  /** Processes that the kernel ended for the container's memory. */
  kills: number;
  /** Processes that it did not let start for the container's limit of them. */
  refusedForks: number;
}

/** Reads what a container met, from this machine's kernel. @throws Error when the Engine's kernel is another one */
export async function strainOf(id: string): Promise<Strain> {
  const files = await groupOf(id);
  const kills = files && readCgroup(files, read)?.kills;
  const events = files && read(`${files.pids}/pids.events`);
  const refused = /^max (\d+)$/m.exec(events ?? "")?.[1];
  if (kills === undefined || refused === undefined) {
    throw new Error(`This machine's kernel does not tell what the container ${id} met.`);
  }
  return { kills, refusedForks: Number(refused) };
}

async function groupOf(id: string): Promise<Cgroup | undefined> {
  const { State } = await docker.getContainer(id).inspect();
  return cgroupOf(readFileSync(`/proc/${State.Pid}/cgroup`, "utf8"), id);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
