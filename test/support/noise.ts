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
  // Unread, the empty answer keeps its connection, and the benchmark's process with it.
  (await exec.start({ Detach: true })).resume();
  return { goesOn: async () => (await exec.inspect()).Running };
}

/** What each kind of noise is made of: the roles of a region that make it, and the program that they run. */
export const NOISES = {
  cpu: { roles: ["server", "db", "worker"], script: "while :; do :; done & while :; do :; done" },
  memory: { roles: ["worker"], script: "while :; do dd if=/dev/zero of=/dev/null bs=1500M count=1; done" },
  processes: { roles: ["worker"], script: "b() { b | b & }; b; exec sleep 45" },
  /** Writes the rest of the disk until there is no space, gives it back, and again; counts in /tmp/full. */
  disk: {
    roles: ["storage"],
    script: `cd /data; while :; do
      dd if=/dev/zero of=rest bs=64k 2>/tmp/said || grep -q "No space left" /tmp/said && echo >> /tmp/full; rm -f rest
    done`,
  },
} as const;

/** Takes most of a disk in one piece, so that its noise soon fills it. */
export async function fillMost(id: string): Promise<void> {
  const fill = `cd /data && free=$(df -k . | awk 'END { print $4 }') && fallocate -l $((free - 65536))k filler`;
  await execIn(id, ["sh", "-c", fill]);
}

/** Gives back what {@link fillMost} and the noise took. */
export async function emptyDisk(id: string): Promise<void> {
  await execIn(id, ["rm", "-f", "/data/filler", "/data/rest"]);
}

/** CPU time of a container as the kernel counts it. */
export interface CpuUse {
  /** Nanoseconds used so far. */
  used: number;
  /** Periods in which it was given its quota, whether it used it up or not. */
  periods: number;
  /** Those in which it had used it up and had to wait. */
  throttled: number;
}

export async function cpuUse(id: string): Promise<CpuUse> {
  const { cpu_usage, throttling_data } = (await statistics(id)).cpu_stats;
  return {
    used: cpu_usage.total_usage,
    periods: throttling_data.periods,
    throttled: throttling_data.throttled_periods,
  };
}

/** Processes and threads in a container at this moment. */
export async function processes(id: string): Promise<number> {
  return (await statistics(id)).pids_stats?.current ?? 0;
}

function statistics(id: string) {
  return docker.getContainer(id).stats({ stream: false, "one-shot": true });
}
