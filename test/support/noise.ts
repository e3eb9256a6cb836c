import { docker, execIn } from "./containers";

/** Ends by itself after this, whatever became of the test. */
const LIMIT_SECONDS = 120;

/** A program in a container that burns what it can get. */
export interface Noise {
  /** Does it still run? */
  goesOn(): Promise<boolean>;
}

/** Starts a program in a container and does not wait for it. It ends with its container, or by itself. */
export async function startNoise(id: string, script: string): Promise<Noise> {
  const command = ["timeout", String(LIMIT_SECONDS), "sh", "-c", script];
  const exec = await docker.getContainer(id).exec({ Cmd: command });
  await exec.start({ Detach: true });
  return { goesOn: async () => (await exec.inspect()).Running };
}

/** How often a container's processes had to wait for the next period because their CPU time was used up. */
export async function throttledPeriods(id: string): Promise<number> {
  const { cpu_stats } = await statistics(id);
  return cpu_stats.throttling_data?.throttled_periods ?? 0;
}

/** Processes and threads in a container at this moment. */
export async function processes(id: string): Promise<number> {
  return (await statistics(id)).pids_stats?.current ?? 0;
}

/** How often the kernel ended a process of a container for its memory, whichever version of control groups it has. */
export async function memoryKills(id: string): Promise<number> {
  const read = (file: string) => execIn(id, ["cat", `/sys/fs/cgroup/${file}`]);
  const text = await read("memory.events").catch(() => read("memory/memory.oom_control"));
  const value = /^oom_kill (\d+)$/m.exec(text)?.[1];
  if (value === undefined) throw new Error(`The kernel tells of no kills: ${text}`);
  return Number(value);
}

function statistics(id: string) {
  return docker.getContainer(id).stats({ stream: false, "one-shot": true });
}
