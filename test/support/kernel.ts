import type { ContainerLimits } from "../../regions/model";
import { execIn } from "./containers";

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
