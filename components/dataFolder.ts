import type Docker from "dockerode";
import type { HostArgs, Owner } from "./host";
import { runJob } from "./job";
import { jobLabels } from "./known";

export interface DataFolder {
  host: Pick<HostArgs, "images" | "dataRoot" | "stackId">;
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
 * Parents are root's and can only be passed through; the folder itself is its user's alone. A region's folder
 * remembers its tenant: a name that is given to another player must not bring the first one's data along. A folder
 * with a disk limit is looked at from the Engine's side: what counts is what containers will see there.
 */
const SCRIPT = `set -e
region="$(dirname "$2")"
install -d -o 0 -g 0 -m 0711 "$1" "$region"
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
install -d -o "\${3%:*}" -g "\${3#*:}" -m 0700 "$2"`;

/**
 * Makes a data folder on the Docker host and gives it to its user, by a container that exists only for that: the
 * host may be remote, and the operator need not be its root. Running it again changes nothing.
 * @throws Error when the job cannot run or fails; the message holds what the job printed.
 */
export async function prepareFolder(docker: Docker, args: DataFolder): Promise<void> {
  const { host, owner, folder, user, tenant, hasDisk } = args;
  await runJob(docker, {
    image: host.images.postgres.ref,
    purpose: `prepare ${folder}`,
    labels: await jobLabels(host, owner, "prepare"),
    command: ["sh", "-c", SCRIPT, "prepare", host.dataRoot, folder, user, tenant, String(hasDisk)],
    binds: [`${host.dataRoot}:${host.dataRoot}`],
  });
}

/** Makes the data root itself: the Engine makes a missing folder only for a container that does not share its mounts. */
export async function prepareRoot(docker: Docker, host: DataFolder["host"], owner: Owner): Promise<void> {
  await runJob(docker, {
    image: host.images.postgres.ref,
    purpose: `prepare ${host.dataRoot}`,
    labels: await jobLabels(host, owner, "prepare"),
    command: ["install", "-d", "-o", "0", "-g", "0", "-m", "0711", host.dataRoot],
    binds: [`${host.dataRoot}:${host.dataRoot}`],
  });
}
