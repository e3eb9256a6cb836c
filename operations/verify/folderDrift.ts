import type { Desired } from "../../catalog/desired";
import { NEXUS } from "../../catalog/names";
import { isInPlace } from "./disk";
import { type Drift, UP } from "./drift";
import type { Observed } from "./observed";

/** A data folder that is not its user's alone, as it should be. */
export interface FolderRepair {
  region: string;
  folder: string;
  /** Numeric `uid:gid`. */
  user: string;
  /** What is wrong, for a person. */
  is: string;
  /** Are files in it open as well? */
  isOpen: boolean;
}

const MODE = "700";

/** Data folders whose owner or mode lets others in. One that is not there is its volume's drift, or its disk's. Pure. */
export function planFolders({ volumes }: Desired, { root, disks }: Observed): FolderRepair[] {
  return volumes.flatMap(({ region, folder, user }) => {
    const is = folder === undefined ? undefined : root?.folders.get(folder);
    if (folder === undefined || user === undefined || !is || !isInPlace(disks.get(region))) return [];
    const isOpen = is.open !== undefined;
    const isClosed = is.user === user && is.mode === MODE;
    if (isClosed && !isOpen) return [];
    const wrong = isClosed ? `open to others: ${is.open}` : `${is.user} ${is.mode}`;
    return [{ region, folder, user, is: wrong, isOpen }];
  });
}

/** The same as drift, and a data root that is not written down as this stack's. */
export function folderDrift(desired: Desired, observed: Observed): Drift[] {
  const { root, stackId } = observed;
  const drift = { container: "", remedy: UP };
  const folders = planFolders(desired, observed).map(({ region, folder, user, is }) => ({
    ...drift,
    region,
    what: `data in ${folder}`,
    declared: `${user} ${MODE}`,
    enforced: is,
  }));
  const owner = root?.owner;
  if (!root || root.folders.size === 0 || stackId === undefined || owner?.id === stackId) return folders;
  const enforced = owner ? `stack ${owner.name}` : "nobody's";
  return [...folders, { ...drift, region: NEXUS, what: "data root", declared: "this stack's", enforced }];
}
