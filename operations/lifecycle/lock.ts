import { join } from "node:path";
import { withLock } from "../../setup/lock";
import { explain } from "./files";
import type { RegionFolder } from "./folder";

/** Hidden, so that the loader ignores it; a killed command leaves it behind, and the next one takes over. */
const LOCK = ".region-lock";

/**
 * Runs work while no other `region` command edits the same folder, so that two of them cannot take the same slot.
 * Editors do not know the lock; what they change is noticed by comparing files.
 * @throws Failure (bad input) when the folder cannot be written
 */
export async function withRegionsLock<T>({ dir, label, say }: RegionFolder, work: () => T): Promise<T> {
  const onWait = ({ pid }: { pid: number }): void =>
    say(`Waiting for process ${pid}, which edits ${label} ...`);
  try {
    const never = new AbortController().signal;
    return await withLock(join(dir, LOCK), { signal: never, onWait }, async () => work());
  } catch (error) {
    throw explain(label, "written", error);
  }
}
