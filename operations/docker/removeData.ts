import { dirname } from "node:path";
import type Docker from "dockerode";
import { DISK_ACCESS } from "../../catalog/keeper";
import { NEXUS, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../catalog/names";
import { OWNER_FILE } from "../../components/dataRoot";
import { runJob } from "../../components/job";
import { removeImages } from "../../images/prune";
import { isLocalImage } from "../../images/reference";
import { engineVolumes, isDataVolume } from "./volumes";

/** Removes volumes; one that is gone already, or still in use by another stack's container, is no error. */
export async function removeVolumes(docker: Docker, names: string[]): Promise<void> {
  for (const name of names) {
    await docker
      .getVolume(name)
      .remove()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
      });
  }
}

/**
 * `$1` is the data root, the rest are its entries to remove. Whose it is goes last, so that a run that is interrupted
 * can be repeated, and then the root itself, when nothing is left in it. Names
 * of entries whose disk must be unmounted first are printed, and nothing is removed then.
 */
const REMOVE_FOLDERS = `set -e
root="$1"; shift
disks=
for entry in "$@"; do
  [ ! -e "$root/.disks/$entry.img" ] || disks="$disks $entry"
done
if [ -n "$disks" ]; then echo "disks $disks"; exit 0; fi
for entry in "$@"; do rm -rf -- "$root/$entry"; done
rm -f -- "$root/${OWNER_FILE}" "$root/${OWNER_FILE}".*
[ ! -d "$root" ] || rmdir -- "$root" 2>/dev/null || ls -A -- "$root"`;

/** Unmounting frees the loop device as well: it was made to go with its mount. */
const REMOVE_DISKS = `set -e
root="$1"; shift
for entry in "$@"; do
  while mountpoint -q "$root/$entry"; do umount "$root/$entry"; done
  rm -f -- "$root/.disks/$entry.img" "$root/.disks/$entry.img.new"
done
rmdir "$root/.disks" 2>/dev/null || true`;

/** What is removed, and with what. */
export interface Removal {
  /** An image with a shell that is on the host already. */
  image: string;
  dataRoot: string;
  /** Entries of the data root. */
  folders: string[];
}

/**
 * Removes folders below the data root and the disks that are mounted over them, by containers that exist only for
 * that: the host may be remote, and the operator need not be its root.
 * @returns the entries of the data root that are left, which are no stack's
 * @throws Error with what the job printed.
 */
export async function removeFolders(docker: Docker, removal: Removal): Promise<string[]> {
  const printed = await removalJob(docker, removal, REMOVE_FOLDERS, removal.folders);
  const [first, ...disks] = printed;
  if (first !== "disks") return printed;
  await removalJob(docker, removal, REMOVE_DISKS, disks, "rshared");
  return removalJob(docker, removal, REMOVE_FOLDERS, removal.folders);
}

/** Runs a script with the data root and the entries as arguments, and returns the words that it printed. */
async function removalJob(
  docker: Docker,
  { image, dataRoot }: Removal,
  script: string,
  entries: string[],
  propagation?: "rshared",
): Promise<string[]> {
  const parent = dirname(dataRoot);
  const root = `/host/${dataRoot.slice(parent.length).replace(/^\//, "")}`;
  const printed = await runJob(docker, {
    image,
    purpose: `remove the data in ${dataRoot}`,
    labels: { [REGION_LABEL]: NEXUS, [ROLE_LABEL]: "remove" },
    command: ["sh", "-c", script, "remove", root, ...entries],
    // The parent, as the root folder itself is removed as well.
    binds: [`${parent}:/host${propagation ? `:${propagation}` : ""}`],
    access: propagation && { CapAdd: ["SYS_ADMIN"], SecurityOpt: [...DISK_ACCESS.securityOpts] },
  });
  return printed.split(/\s+/).filter(Boolean);
}

/**
 * Removes the local images when the last stack on the host is gone. One that was taken down has no container that would
 * keep them, and needs them again; its data volumes, which have no labels, tell of it by names and folders.
 * @returns the names of those that stay
 */
export async function removeLocalImages(docker: Docker): Promise<string[]> {
  const images = await docker.listImages();
  const names = images.flatMap(({ RepoTags }) => RepoTags ?? []).filter(isLocalImage);
  const volumes = await engineVolumes(docker);
  const containers = await docker.listContainers({ all: true, filters: { label: [STACK_LABEL] } });
  if (volumes.some(isDataVolume) || containers.length > 0) return names;
  const removed = await removeImages(docker, names);
  return names.filter((name) => !removed.includes(name));
}
