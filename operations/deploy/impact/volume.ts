import type { Impact } from "./impact";
import type { Step } from "./steps";

/**
 * What a step with a volume means for the data. One that is bound to a folder is only a name for it, of an earlier
 * version, and is kept with it: its container makes such a volume now. Any other takes what it holds along.
 */
export function volumeImpact({ kind, name, old }: Step): Partial<Impact> {
  const { driverOpts = {}, name: volume } = old?.inputs ?? {};
  const isBound = Object.keys(driverOpts as object).includes("device");
  // Rendered files are written again before their container starts.
  if (kind === "create" || kind === "update" || isBound || name.endsWith("-config")) return {};
  if (old?.retainOnDelete) return { later: [`Docker volume ${volume} stays`] };
  const what = kind === "delete" ? "removed" : "recreated";
  return { losses: [`everything in the Docker volume ${volume}, which is ${what}`] };
}

/** What a step with a region's component means for its folder, which outlives the region. */
export function folderImpact({ kind, old, new: now }: Step): Partial<Impact> {
  const folder = old?.inputs.folder;
  // A component of an earlier version does not say.
  if (typeof folder !== "string") return {};
  if (kind === "delete") return { kept: [folder] };
  if (kind !== "update" || folder === now?.inputs.folder) return {};
  return {
    refused: [
      `its data is in ${folder}, and its Docker volumes lead there while they exist. To move it: npm run destroy, move ` +
        "the folder, remove the data volumes with docker volume rm, change the setting, npm run up",
    ],
  };
}
