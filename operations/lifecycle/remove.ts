import fs from "node:fs";
import { removeFile } from "./files";
import type { RegionFolder } from "./folder";
import { withRegionsLock } from "./lock";

/**
 * Removes a region's file. Nothing of the region itself is touched: the next `up` takes its containers away, and its
 * data stays on the host.
 * @returns what messages call the file
 * @throws Failure (bad input) when there is no such region or its file cannot be removed
 */
export function removeRegion(folder: RegionFolder, name: string): Promise<string> {
  folder.existing(name);
  return withRegionsLock(folder, () => {
    const { path, label } = folder.existing(name);
    removeFile(path, label);
    return label;
  });
}

/** Does the file lead to one that other folders may use as well? */
export function isLink(path: string): boolean {
  return fs.lstatSync(path).isSymbolicLink();
}
