import { existsSync } from "node:fs";
import { stringify } from "yaml";
import { CURRENT_SPLIT } from "../../catalog/regionBudget";
import { ConfigError } from "../../config/problems";
import { formatCpu, formatSize } from "../../config/units";
import { SLOTS } from "../../regions/addresses";
import { REGION_DEFAULTS } from "../../regions/defaults";
import type { Identity } from "../../regions/duplicates";
import { lowestFreeSlot } from "../../regions/duplicates";
import type { RegionModel } from "../../regions/model";
import { badInput } from "../failure";
import { loadEdited } from "./edited";
import { createFile, readSnapshot, removeFile } from "./files";
import type { RegionFolder } from "./folder";
import { withRegionsLock } from "./lock";
import {
  asNumber,
  checkRegion,
  type FileSizes,
  fileSizes,
  memoryProblems,
  refused,
  type SizeOptions,
  sizeOf,
  sizesIn,
} from "./values";

export interface AddOptions extends SizeOptions {
  owner?: string;
  slot?: string;
}

/** A region whose file was written. */
export interface AddedRegion {
  region: RegionModel;
  file: string;
  /** Removes the file again, unless somebody has changed it since. */
  undo(): Promise<void>;
}

/**
 * Writes a region's file, with the lowest free slot unless one is given.
 * @throws ConfigError or Failure (bad input) when the platform would not be right with it; then nothing was written.
 */
export async function addRegion(
  folder: RegionFolder,
  name: string,
  options: AddOptions,
): Promise<AddedRegion> {
  requireFolder(folder);
  return withRegionsLock(folder, () => {
    const { identities } = folder.read();
    const slot = options.slot === undefined ? lowestFreeSlot(identities) : asNumber(options.slot);
    if (slot === undefined) throw full(folder);
    const split = CURRENT_SPLIT > 1 ? { split: CURRENT_SPLIT } : {};
    const region = { name, slot, owner: options.owner, ...withDefaults(fileSizes(options)), ...split };
    const checked = checkRegion(region);
    const problems = [
      ...(checked.problems ?? memoryProblems(sizeOf(checked.value), checked.value, options)),
      ...taken(folder, identities, name, slot),
    ];
    if (checked.problems || problems.length > 0) throw refused(problems);

    const text = stringify(region);
    const sizes = sizesIn(region, sizeOf(checked.value));
    const added = loadEdited(folder, { name, text, sizes, given: options });
    if (!added) throw new Error(`${name} was not loaded`);
    const path = folder.pathOf(name);
    const file = folder.labelOf(path);
    createFile(path, file, text);
    const undo = (): Promise<void> =>
      withRegionsLock(folder, () => {
        if (readSnapshot(path, file).text === text) removeFile(path, file);
      });
    return { region: added, file, undo };
  });
}

/** The size is written out: a region keeps what it was sold when the defaults change. */
function withDefaults(given: FileSizes): FileSizes {
  const { resources, players } = REGION_DEFAULTS;
  return {
    resources: {
      cpu: given.resources.cpu ?? Number(formatCpu(resources.cpuMillis)),
      memory: given.resources.memory ?? formatSize(resources.memoryBytes),
      disk: given.resources.disk ?? formatSize(resources.diskBytes),
    },
    players: given.players ?? players,
  };
}

function taken(folder: RegionFolder, identities: Identity[], name: string, slot: unknown): string[] {
  const problems: string[] = [];
  const namesake = folder.names().includes(name)
    ? folder.labelOf(folder.pathOf(name))
    : identities.find((other) => other.name === name)?.source.file;
  if (namesake) problems.push(`NAME: "${name}" is taken by ${namesake}. Choose another name.`);
  const holder = identities.find((other) => other.slot === slot);
  if (holder) {
    const free = lowestFreeSlot(identities);
    const advice = free === undefined ? "All slots are taken." : `The lowest free slot is ${free}.`;
    problems.push(`--slot: ${slot} is taken by ${holder.source.file}. ${advice}`);
  }
  return problems;
}

function full(folder: RegionFolder) {
  return badInput(
    `${folder.label} has a region in every slot from ${SLOTS.min} to ${SLOTS.max}: no region can be added to stack ` +
      `${folder.stack}. Nothing was changed. Remove a region that is no longer needed, or use another stack.`,
  );
}

/** A folder that is not there is the loader's to explain. */
function requireFolder(folder: RegionFolder): void {
  if (!existsSync(folder.dir)) throw new ConfigError(folder.read().problems);
}
