import { ConfigError } from "../../config/problems";
import { readYaml } from "../../config/yamlSource";
import type { RegionConfig } from "../../regions/model";
import { badInput } from "../failure";
import { loadEdited } from "./edited";
import { readSnapshot, replaceFile } from "./files";
import type { RegionFolder } from "./folder";
import { withRegionsLock } from "./lock";
import {
  formatValue,
  memoryProblems,
  readSizes,
  refused,
  SIZE_KEYS,
  type SizeKey,
  type SizeOptions,
  type SizeValue,
  sizeOf,
} from "./values";
import { type Edit, setValues } from "./yamlEdit";

/** One value of a region's size that changed, as people write it. */
export interface SizeChange {
  key: SizeKey;
  /** Absent when the file was wrong before. */
  from?: string;
  to: string;
}

/** A region whose file says the size that was asked for. */
export interface ScaledRegion {
  region: RegionConfig;
  file: string;
  /** Empty when the region has that size already; then the file was not touched. */
  changes: SizeChange[];
  /** Puts the old text back, unless somebody has changed the file since. */
  undo(): Promise<void>;
}

/**
 * Writes a region's new size into its file; everything else in the file stays as it is.
 * @throws ConfigError or Failure: exit code 2 when the platform would not be right with it, 1 when somebody else edits
 *   the file at the same time. Either way nothing was written.
 */
export async function scaleRegion(
  folder: RegionFolder,
  name: string,
  options: SizeOptions,
): Promise<ScaledRegion> {
  const sizes = readSizes(options);
  const { path, label } = folder.existing(name);
  return withRegionsLock(folder, () => {
    const { problems } = readYaml(path, label);
    if (problems) throw new ConfigError(problems);
    const before = readSnapshot(path, label);
    const old = folder.read().regions.find((region) => region.name === name);
    const { edits, changes } = changesOf(old, sizes);
    if (old && edits.length === 0) return { region: old, file: label, changes, undo: async () => {} };
    const tooSmall =
      old && (sizes.memory || sizes.players) ? memoryProblems(resized(old, sizes), old, options) : [];
    if (tooSmall.length > 0) throw refused(tooSmall);

    const text = setValues(before.text, edits);
    if (text === undefined) throw cannotEdit(label);
    const region = loadEdited(folder, { name, text, sizes, given: options });
    if (!region) throw cannotEdit(label);
    replaceFile(before, text);
    const undo = (): Promise<void> =>
      withRegionsLock(folder, () => {
        const now = readSnapshot(path, label);
        if (now.text === text) replaceFile(now, before.text);
      });
    return { region, file: label, changes, undo };
  });
}

/** A region's size after the change, in the model's units. */
function resized(old: RegionConfig, sizes: Partial<Record<SizeKey, SizeValue>>): Record<SizeKey, number> {
  const size = sizeOf(old);
  for (const key of SIZE_KEYS) size[key] = sizes[key]?.value ?? size[key];
  return size;
}

/** Only what differs in value: `2000MB` in place of `2GB` is no change. */
function changesOf(
  old: RegionConfig | undefined,
  sizes: Partial<Record<SizeKey, SizeValue>>,
): { edits: Edit[]; changes: SizeChange[] } {
  const edits: Edit[] = [];
  const changes: SizeChange[] = [];
  for (const key of SIZE_KEYS) {
    const size = sizes[key];
    const from = old && sizeOf(old)[key];
    if (size === undefined || size.value === from) continue;
    edits.push({ path: key === "players" ? [key] : ["resources", key], value: size.written });
    changes.push({
      key,
      ...(from !== undefined && { from: formatValue(key, from) }),
      to: formatValue(key, size.value),
    });
  }
  return { edits, changes };
}

function cannotEdit(label: string) {
  return badInput(
    `${label}: is written in a way that this command cannot edit. Nothing was changed. Change the size by hand, ` +
      "below resources:.",
  );
}
