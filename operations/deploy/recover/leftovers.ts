import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import type { Reporter } from "../../reporter";
import { TRIAL } from "../pulumi/tryProvider";

/** A running process, as Linux tells it. */
export interface ProcessFacts {
  pid: number;
  parent: number;
  name: string;
  cwd: string;
  /** With its program as the first. */
  args: string[];
}

/** Linux cuts names after 15 characters: `pulumi-resource-docker` is one of these. */
const PLUGIN = /^pulumi-(resource|language|analyzer)/;
const ENGINE = "pulumi";

/**
 * Plugins of this project whose engine is gone. Pulumi's plugins outlive an engine that was killed: they finish what
 * they were told, making containers that nobody hears of, and then wait for ever. One that another command has started
 * to try it has no engine, and ends with that command. Pure.
 */
export function leftovers(processes: ProcessFacts[], projectDir: string): ProcessFacts[] {
  const engines = new Set(processes.filter(({ name }) => name === ENGINE).map(({ pid }) => pid));
  const isTried = ({ args, parent }: ProcessFacts): boolean => args.includes(TRIAL) && parent !== 1;
  return processes.filter(
    (one) => PLUGIN.test(one.name) && one.cwd === projectDir && !engines.has(one.parent) && !isTried(one),
  );
}

/** Ends them, and returns whether there were any. Where there is no `/proc` it does nothing. */
export function endLeftovers(projectDir: string, { say }: Reporter): boolean {
  const found = leftovers(readProcesses(), realpathSync(projectDir));
  if (found.length > 0)
    say(`Ending plugins of a run that was killed: ${found.map(({ pid }) => pid).join(", ")}`);
  for (const { pid } of found) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  return found.length > 0;
}

function readProcesses(): ProcessFacts[] {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        // "pid (name) state parent ..."; the name may hold anything.
        const [, name = "", parent = ""] =
          /\((.*)\) \w (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
        if (name !== ENGINE && !PLUGIN.test(name)) return [];
        const args = readFileSync(`/proc/${entry}/cmdline`, "utf8").split("\0");
        const cwd = readlinkSync(`/proc/${entry}/cwd`);
        return [{ pid: Number(entry), parent: Number(parent), name, cwd, args }];
      } catch {
        // Ended since the folder was listed, or another user's.
        return [];
      }
    });
}
