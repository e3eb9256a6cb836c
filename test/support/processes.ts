import { existsSync, readdirSync, readFileSync } from "node:fs";
import { NAME_START } from "./run";

/**
 * Ends every process that carries a variable, and those that they start meanwhile. SIGKILL, as nothing of theirs is
 * wanted any more.
 * @param marker `NAME=value` as it stands in the process's environment
 * @returns how many there were
 */
export function killProcesses(marker: string): number {
  const killed = new Set<number>();
  for (;;) {
    const found = markedProcesses(marker).filter((pid) => !killed.has(pid));
    if (found.length === 0) return killed.size;
    for (const pid of found) {
      killed.add(pid);
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Ended by itself.
      }
    }
  }
}

/**
 * The processes that carry a variable, or run in a control group that is named by its value: some programs, such as
 * Redis, write their title over their environment. Linux only: elsewhere there are none to be found.
 */
export function markedProcesses(marker: string): number[] {
  if (!existsSync("/proc/self/environ")) return [];
  const value = marker.slice(marker.indexOf("=") + 1);
  const group = `/${value.startsWith(NAME_START) ? value : NAME_START + value}`;
  return readdirSync("/proc").flatMap((entry) => {
    try {
      if (!/^\d+$/.test(entry)) return [];
      const environment = readFileSync(`/proc/${entry}/environ`, "utf8").split("\0");
      const isMarked =
        environment.includes(marker) || readFileSync(`/proc/${entry}/cgroup`, "utf8").includes(group);
      return isMarked ? [Number(entry)] : [];
    } catch {
      return [];
    }
  });
}

/** The command lines of {@link markedProcesses}, words apart by spaces. */
export function commandLines(marker: string): string[] {
  return markedProcesses(marker).flatMap((pid) => {
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim()];
    } catch {
      return [];
    }
  });
}
