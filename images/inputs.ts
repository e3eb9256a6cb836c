/** The files that an image is made of, in an order that does not depend on the file system. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export interface InputFile {
  /** Relative to the repository's root, with `/`. */
  path: string;
  sha256: string;
}

/**
 * All files under one file or folder of the repository, sorted by path. A missing one is an error. Hidden ones in a
 * folder are left out: those are editors', which come and go while somebody types (one of Emacs' is a link to nothing).
 */
export function contentOf(projectDir: string, input: string): InputFile[] {
  return filesUnder(projectDir, input)
    .sort()
    .map((path) => ({ path, sha256: digestOf(join(projectDir, path)) }));
}

export function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** The files under one file or folder, relative to the root and with `/`. */
export function filesUnder(projectDir: string, path: string): string[] {
  if (statSync(join(projectDir, path)).isFile()) return [path];
  return readdirSync(join(projectDir, path))
    .filter((entry) => !entry.startsWith("."))
    .flatMap((entry) => filesUnder(projectDir, `${path}/${entry}`));
}
