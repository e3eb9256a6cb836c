import type Docker from "dockerode";
import { CLAIM } from "./dataRoot";
import { engine } from "./engine";
import { LOCK_FILE } from "./guard";
import type { HostArgs, Owner } from "./host";
import { runJob } from "./job";
import { jobLabels, known } from "./known";

export interface DataFolder {
  host: Pick<HostArgs, "images" | "dataRoot" | "stackId" | "stackName">;
  owner: Owner;
  /** Absolute path below the data root. */
  folder: string;
  /** Numeric "uid:gid" that shall own it. */
  user: string;
  /** Whose data it is: the player who owns the region. */
  tenant: string;
  /** Is the region's folder a disk of its own? */
  hasDisk: boolean;
}

/**
 * Parents are root's and can only be passed through; the folder itself is its user's alone, and never empty. A
 * region's folder remembers its tenant: a name that is given to another player must not bring the first one's data
 * along. A folder with a disk limit is looked at from the Engine's side: what counts is what containers will see there.
 */
const SCRIPT = `set -e
${CLAIM}
claim "$1" "$6" "$7"
region="$(dirname "$2")"
install -d -o 0 -g 0 -m 0711 "$region"
if [ "$5" = true ] && [ "$(stat -c %d "$1")" = "$(stat -c %d "$region")" ]; then
  echo "$region is not mounted, so its disk limit would not hold. See what the container disk-keeper says."
  exit 1
fi
if [ "$5" = false ] && [ -e "$1/.disks/$(basename "$region").img" ]; then
  echo "$region has a disk of its own, which this host cannot mount now. Nothing is written beside it."
  exit 1
fi
if [ -e "$region/.tenant" ] && [ "$(cat "$region/.tenant")" != "$4" ]; then
  echo "$region holds data of $(cat "$region/.tenant"), not of $4. Move the folder away, or hand the data over by"
  echo "writing $4 into $region/.tenant"
  exit 1
fi
# Renamed into place: the folders of a region are prepared side by side.
printf %s "$4" > "$region/.tenant.$(basename "$2")"
mv "$region/.tenant.$(basename "$2")" "$region/.tenant"
# Root's until the file is there: in its user's folder, root touches no name that the user could have made a link.
if [ -z "$(ls -A "$2" 2>/dev/null)" ]; then
  install -d -o 0 -g 0 -m 0700 "$2"
  : > "$2/${LOCK_FILE}"
  chmod 0600 "$2/${LOCK_FILE}"
  chown "$3" "$2/${LOCK_FILE}"
fi
install -d -o "\${3%:*}" -g "\${3#*:}" -m 0700 "$2"`;

/**
 * Makes a data folder on the Docker host and gives it to its user, by a container that exists only for that: the
 * host may be remote, and the operator need not be its root. Running it again changes nothing but an owner and a mode
 * that are not as they should be, also while a service uses the folder.
 * @throws Error when the job cannot run or fails; the message holds what the job printed.
 */
export async function prepareFolder(docker: Docker, args: DataFolder): Promise<void> {
  const { host, owner, folder, user, tenant, hasDisk } = args;
  await runJob(docker, {
    image: host.images.postgres.ref,
    purpose: `prepare ${folder}`,
    labels: await jobLabels(host, owner, "prepare"),
    command: [
      "sh",
      "-c",
      SCRIPT,
      "prepare",
      host.dataRoot,
      folder,
      user,
      tenant,
      String(hasDisk),
      ...(await ownerOf(host)),
    ],
    binds: [`${host.dataRoot}:${host.dataRoot}`],
  });
}

/**
 * A region that exists gets another owner, and its data with it. Only from the owner that it had: a name that was
 * removed, and is given to another player, has no component whose owner could change.
 */
const HAND_OVER = `set -e
[ -e "$1/.tenant" ] || exit 0
[ -z "$2" ] || [ "$(cat "$1/.tenant")" = "$2" ] || exit 0
printf %s "$3" > "$1/.tenant.new"
mv "$1/.tenant.new" "$1/.tenant"`;

/**
 * Writes down whose a region's data is from now on.
 * @param from whose it was: another one's stays as it is; default: anybody's
 */
export async function handOver(
  host: DataFolder["host"] & Pick<HostArgs, "dockerHost">,
  owner: Owner,
  { folder, from = "", to }: { folder: string; from?: string; to: string },
): Promise<void> {
  await runJob(engine(host.dockerHost), {
    image: host.images.postgres.ref,
    purpose: `hand ${folder} over`,
    labels: await jobLabels(host, owner, "prepare"),
    command: ["sh", "-c", HAND_OVER, "hand-over", folder, from, to],
    binds: [`${host.dataRoot}:${host.dataRoot}`],
  });
}

/** Closes the files in a data folder to others than its user, and as that user: root follows no link of theirs. */
export async function closeFiles(
  docker: Docker,
  { host, owner, folder, user }: Pick<DataFolder, "host" | "owner" | "folder" | "user">,
): Promise<void> {
  await runJob(docker, {
    image: host.images.postgres.ref,
    purpose: `close the files in ${folder}`,
    labels: await jobLabels(host, owner, "prepare"),
    // A file that goes away meanwhile is no failure.
    command: [
      "sh",
      "-c",
      `find "$1" ! -type l -perm /077 -exec chmod go= {} + 2>/dev/null || true`,
      "close",
      folder,
    ],
    binds: [`${folder}:${folder}`],
    user,
  });
}

/**
 * Makes the data root itself, and makes it this stack's: the Engine makes a missing folder only for a container that
 * does not share its mounts.
 * @throws Error when it is another stack's
 */
export async function prepareRoot(docker: Docker, host: DataFolder["host"], owner: Owner): Promise<void> {
  await runJob(docker, {
    image: host.images.postgres.ref,
    purpose: `prepare ${host.dataRoot}`,
    labels: await jobLabels(host, owner, "prepare"),
    command: ["sh", "-c", `set -e\n${CLAIM}\nclaim "$@"`, "claim", host.dataRoot, ...(await ownerOf(host))],
    binds: [`${host.dataRoot}:${host.dataRoot}`],
  });
}

/** What is written down of the stack. */
async function ownerOf({ stackId, stackName }: DataFolder["host"]): Promise<[id: string, name: string]> {
  return [await known(stackId), stackName];
}
