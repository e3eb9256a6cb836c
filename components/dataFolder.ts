import type Docker from "dockerode";
import type { HostArgs, Owner } from "./host";
import { jobLabels, runJob } from "./job";

export interface DataFolder {
  host: Pick<HostArgs, "images" | "dataRoot" | "stackId">;
  owner: Owner;
  /** Absolute path below the data root. */
  folder: string;
  /** Numeric "uid:gid" that shall own it. */
  user: string;
  /** Whose data it is: the player who owns the region. */
  tenant: string;
}

/**
 * Parents are root's and can only be passed through; the folder itself is its user's alone. A region's folder
 * remembers its tenant: a name that is given to another player must not bring the first one's data along.
 */
const SCRIPT = `set -e
region="$(dirname "$2")"
install -d -o 0 -g 0 -m 0711 "$1" "$region"
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
  const { host, owner, folder, user, tenant } = args;
  await runJob(docker, {
    image: host.images.postgres.ref,
    purpose: `prepare ${folder}`,
    labels: await jobLabels(host, owner, "prepare"),
    command: ["sh", "-c", SCRIPT, "prepare", host.dataRoot, folder, user, tenant],
    binds: [`${host.dataRoot}:${host.dataRoot}`],
  });
}
