import { readFileSync } from "node:fs";
import { cgroupFiles, type ReadLimits, readCgroup } from "../../cli/verify/cgroup";
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
  const { State } = await docker.getContainer(id).inspect();
  const files = cgroupFiles(readFileSync(`/proc/${State.Pid}/cgroup`, "utf8"), id);
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  };
  return () => {
    const found = files && readCgroup(files, read);
    if (!found) throw new Error(`This machine's kernel has no control group of the container ${id}.`);
    return found.limits;
  };
}
