import { readdirSync, readFileSync } from "node:fs";
import { containersOf, docker } from "../test/support/containers";
import type { Project } from "../test/support/project";
import { pause } from "../test/support/wait";

/** What is still at work after its containers go on is over by then. */
const SETTLE_MS = 15_000;
/** Two intervals of Docker's health tests. */
const MEASURED_MS = 60_000;
/** Linux tells times to programs in hundredths of a second, whatever its kernel counts in. */
const TICKS = 100;
const DAEMONS = new Set(["dockerd", "containerd", "containerd-shim"]);

/** CPUs that Docker and all containers take while only this project's containers run, of these projects'. */
export async function idleCpu(projects: Project[], running: Project | undefined): Promise<number> {
  for (const project of projects) await freeze(project, project !== running);
  await pause(SETTLE_MS);
  const [cpu, time] = [dockerCpuSeconds(), performance.now()];
  await pause(MEASURED_MS);
  return ((dockerCpuSeconds() - cpu) * 1000) / (performance.now() - time);
}

/** Docker runs no health tests in a paused container. */
async function freeze(project: Project, isFrozen: boolean): Promise<void> {
  const containers = [...(await containersOf(project)).values()];
  const wrong = containers.filter(({ info }) => info.State.Running && info.State.Paused !== isFrozen);
  await Promise.all(
    wrong.map(({ id }) => docker.getContainer(id)).map((one) => (isFrozen ? one.pause() : one.unpause())),
  );
}

interface Process {
  pid: number;
  name: string;
  parent: number;
  /** What it used, and what those of its children did that it has seen end. */
  seconds: number;
}

/** CPU-seconds of the daemons and of everything below them: containers, their health tests, what starts those. */
function dockerCpuSeconds(): number {
  const processes = new Map(readProcesses().map((one) => [one.pid, one]));
  const isDockers = ({ name, parent }: Process): boolean => {
    const above = processes.get(parent);
    return DAEMONS.has(name) || (above !== undefined && isDockers(above));
  };
  return [...processes.values()].filter(isDockers).reduce((sum, { seconds }) => sum + seconds, 0);
}

function readProcesses(): Process[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // "pid (name) state parent ...", and the name may hold anything.
      const [, name = "", rest = ""] =
        /^\d+ \((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
      const fields = rest.split(" ");
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      return [{ pid: Number(pid), name, parent: Number(fields[1]), seconds: ticks / TICKS }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
