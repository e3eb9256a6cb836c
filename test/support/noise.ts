import { docker, execIn } from "./containers";
import { eventually, pause } from "./wait";

const SWITCH = "/tmp/noise";
/** Ends by itself after this, whatever became of the test. */
const LIMIT_SECONDS = 150;

/** How long a busy machine may take to let it be heard. */
const HEARD_MS = 60_000;

/** A program that burns something in a container, for as long as it is switched on. */
export interface Noise {
  /** In the container. */
  id: string;
  /** Shell script that ends soon after the file `$noise` is gone. */
  script: string;
  /** Something that grows only while the noise goes on. */
  counter: () => Promise<number>;
}

/** Noise that is on. */
export interface RunningNoise {
  /** Throws unless the counters grow: it is on at this moment. */
  isHeard(): Promise<void>;
  /** Switches it off, and throws when it had ended before. */
  stop(): Promise<void>;
}

/** Switches noise on and waits until it is heard. */
export async function startNoise({ id, script, counter }: Noise): Promise<RunningNoise> {
  await execIn(id, ["touch", SWITCH]);
  let ended: string | undefined;
  const program = execIn(id, [
    "timeout",
    String(LIMIT_SECONDS),
    "sh",
    "-c",
    `noise=${SWITCH}\n${script}`,
  ]).then(
    () => {
      ended = "it ended by itself";
    },
    (error: Error) => {
      ended = error.message;
    },
  );
  const isHeard = async (): Promise<void> => {
    const before = await counter();
    await eventually("the noise is heard", HEARD_MS, async () => {
      if (ended !== undefined) throw new Error(ended);
      return (await counter()) > before ? true : undefined;
    });
  };
  const stop = async (): Promise<void> => {
    const early = ended;
    // A container that is full of processes, or of memory, does not run every command at once.
    await eventually("the noise is switched off", 30_000, async () => {
      await execIn(id, ["rm", "-f", SWITCH]);
      return true;
    });
    await Promise.race([program, pause(30_000)]);
    if (early !== undefined) throw new Error(`The noise was over before it was switched off: ${early}`);
    if (ended === undefined) throw new Error("The noise did not end within 30 s of being switched off.");
  };
  try {
    await isHeard();
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
  return { isHeard, stop };
}

/** How often a container's processes had to wait for the next period because their CPU time was used up. */
export async function throttledPeriods(id: string): Promise<number> {
  const { cpu_stats } = await statistics(id);
  return cpu_stats.throttling_data?.throttled_periods ?? 0;
}

/** CPU time that a container has used, and when that was read; both in milliseconds. */
export async function cpuTime(id: string): Promise<{ used: number; at: number }> {
  const { cpu_stats, read } = await statistics(id);
  return { used: cpu_stats.cpu_usage.total_usage / 1e6, at: Date.parse(read) };
}

/** Processes and threads in a container at this moment. */
export async function processes(id: string): Promise<number> {
  return (await statistics(id)).pids_stats?.current ?? 0;
}

/** How often the kernel ended a process of a container for its memory. */
export function memoryKills(id: string): Promise<number> {
  return counted(id, "oom_kill", ["memory.events", "memory/memory.oom_control"]);
}

/** How often the kernel refused a container another process. */
export function refusedForks(id: string): Promise<number> {
  return counted(id, "max", ["pids.events", "pids/pids.events"]);
}

/** A counter of a container's control group, whichever version of them the host has. */
async function counted(id: string, name: string, [first, second]: [string, string]): Promise<number> {
  // No shell: a container that is full of processes could not start a second one.
  const read = (file: string) => execIn(id, ["cat", `/sys/fs/cgroup/${file}`]);
  const text = await read(first).catch(() => read(second));
  const value = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`The kernel tells no "${name}": ${text}`);
  return Number(value);
}

function statistics(id: string) {
  return docker.getContainer(id).stats({ stream: false, "one-shot": true });
}
