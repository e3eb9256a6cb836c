import { basename, dirname, resolve } from "node:path";
import { lowestFreeSlot } from "../../regions/duplicates";
import { createFile } from "./files";
import type { RegionFolder } from "./folder";
import { withRegionsLock } from "./lock";
import { sampleKeys, sampleText } from "./sample";
import { checkRegion, refused } from "./values";

/**
 * Writes the sample to a new file. In the stack's own folder it is a region at once: it gets the file's name and the
 * lowest free slot, and is checked with all others first.
 * @returns what messages call the file
 * @throws ConfigError or Failure (bad input); then nothing was written
 */
export async function writeSample(folder: RegionFolder, file: string): Promise<string> {
  const path = resolve(folder.projectDir, file);
  const label = folder.labelOf(path);
  const name = basename(path, ".yaml");
  if (dirname(path) !== folder.dir) {
    const usable = checkRegion({ name, slot: 1, owner: "owner-id" }).problems === undefined;
    createFile(
      path,
      label,
      sampleText(sampleKeys(usable ? name : "celeste", lowestFreeSlot(folder.read().identities) ?? 1)),
    );
    return label;
  }
  return withRegionsLock(folder, () => {
    const problems = checkRegion({ name, slot: 1, owner: "owner-id" }).problems ?? [];
    if (!path.endsWith(".yaml")) problems.push(`${label}: the name of a region file must end with .yaml.`);
    const slot = lowestFreeSlot(folder.read().identities);
    if (slot === undefined) problems.push(`${folder.label}: all slots are taken.`);
    if (slot === undefined || problems.length > 0) throw refused(problems);
    const text = sampleText(sampleKeys(name, slot));
    folder.load({ [name]: text });
    createFile(path, label, text);
    return label;
  });
}
