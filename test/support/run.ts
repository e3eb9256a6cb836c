import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One run of the engine suite. Everything it makes carries its id, so that it can be found and removed. */
export interface TestRun {
  /** Four hexadecimal digits. */
  id: string;
  /** Temporary folder of the run: project folders, state, data. */
  root: string;
  /** Environment of every command of the run. */
  env: Record<string, string>;
  /** Folder of the servers that `toolchain/` builds for tests; absent where they are not built. */
  servers?: string;
  /** Folder of the programs that benchmarks measure us against; absent where they are not built. */
  peers?: string;
  /** Why the suite cannot run on this machine; absent when it can. */
  missing?: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    run: TestRun;
  }
}

/** How the name of every container, network and volume of a run begins. */
export const NAME_START = "nxt-";
/** How the temporary folder of a run begins. */
export const ROOT_START = "nexus-test-";
/** File in the folder of a run that says which process it belongs to. */
export const OWNER_FILE = "owner.json";
/** Variable that every process of a run carries. */
export const RUN_VARIABLE = "NEXUS_TEST_RUN";

/** Where the folders of runs are, without symbolic links: Docker mounts what it is told, literally. */
export function temporaryFolder(): string {
  return realpathSync(tmpdir());
}

export interface RunOwner {
  id: string;
  pid: number;
  /** Clock ticks from boot to the start of the process: a pid may be given again. */
  started: string;
}

/** The runs of this machine, each with its folder. */
export function knownRuns(): { root: string; owner: RunOwner }[] {
  const folder = temporaryFolder();
  return readdirSync(folder)
    .filter((name) => name.startsWith(ROOT_START))
    .flatMap((name) => {
      try {
        const root = join(folder, name);
        return [{ root, owner: JSON.parse(readFileSync(join(root, OWNER_FILE), "utf8")) as RunOwner }];
      } catch {
        // Just being made or removed.
        return [];
      }
    });
}

export function isAlive({ pid, started }: RunOwner): boolean {
  return startOf(pid) === started;
}

/** When a process began, as the kernel counts; "" when there is no such process. */
export function startOf(pid: number): string {
  try {
    // "pid (name) state ...": the start is field 22, and the name may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[19] ?? "";
  } catch {
    return "";
  }
}
