import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestRun } from "../test/support/run";
import { REPOSITORY } from "../test/support/toolchain";

/**
 * Checks an earlier commit of this repository out, in a folder that goes with the run.
 * @returns the folder
 * @throws Error when this clone does not have the commit
 */
export function checkOut({ root }: TestRun, commit: string): string {
  const [folder, archive] = [join(root, "earlier"), join(root, "earlier.tar")];
  mkdirSync(folder);
  try {
    run("git", ["archive", `--output=${archive}`, commit], REPOSITORY);
  } catch (error) {
    throw new Error(
      `This clone does not have the commit ${commit}. If it is shallow: git fetch --unshallow`,
      {
        cause: error,
      },
    );
  }
  run("tar", ["-xf", archive], folder);
  if (lockOf(folder) === lockOf(REPOSITORY)) {
    symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  } else {
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder);
  }
  return folder;
}

function lockOf(folder: string): string {
  return readFileSync(join(folder, "package-lock.json"), "utf8");
}

function run(command: string, args: string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
