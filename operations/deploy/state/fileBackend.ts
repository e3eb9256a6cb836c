import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder behind a `file://` backend; undefined for any other, which this machine cannot look into. */
export function backendFolder(backend: string, cwd: string): string | undefined {
  if (!backend.startsWith("file://")) return undefined;
  const path = backend.slice("file://".length).replace(/\?.*$/, "");
  if (path.startsWith("~")) return join(homedir(), path.slice(1));
  return path.startsWith("/") ? fileURLToPath(`file://${path}`) : resolve(cwd, path);
}

/**
 * Removes the attributes that a killed run could not finish. Beside each of its files, pulumi's file backend keeps a
 * `.attrs` with a checksum and a content type. The file itself gets its name when it is complete, but the attributes
 * are written in place (gocloud.dev, fileblob): a kill leaves them empty, and from then on the state cannot be read
 * ("failed to load checkpoint: EOF"), though it is whole. Without attributes it is read as it is; also by a run that
 * is just writing them.
 */
export function removeEmptyAttributes(folder: string): void {
  const root = join(folder, ".pulumi");
  if (!existsSync(root)) return;
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".attrs")) continue;
    const path = join(root, name);
    try {
      if (statSync(path, { throwIfNoEntry: false })?.size === 0) rmSync(path, { force: true });
    } catch {
      // Somebody else's file: pulumi says itself what it cannot read.
    }
  }
}
