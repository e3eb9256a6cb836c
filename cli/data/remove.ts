import { dirname } from "node:path";
import type Docker from "dockerode";
import type { EngineVolume } from "./plan";

/** The volumes of the Engine, with the folder that they are bound to. */
export async function engineVolumes(docker: Docker): Promise<EngineVolume[]> {
  const { Volumes } = await docker.listVolumes();
  return (Volumes ?? []).map(({ Name, Options }) => ({ name: Name, folder: Options?.device }));
}

/** Removes volumes; one that is gone already, or still in use by another stack's container, is no error. */
export async function removeVolumes(docker: Docker, names: string[]): Promise<void> {
  for (const name of names) {
    await docker.getVolume(name).remove().catch(ignore(404, 409));
  }
}

/** `$1` is the data root, the rest are its entries to remove. The root itself goes when nothing is left in it. */
const REMOVE_FOLDERS = `set -e
root="$1"; shift
for entry in "$@"; do rm -rf -- "$root/$entry"; done
[ ! -d "$root" ] || rmdir -- "$root" 2>/dev/null || ls -A -- "$root"`;

/**
 * Removes folders below the data root by a container that exists only for that: the host may be remote, and the
 * operator need not be its root. Needs an image with a shell that is on the host already.
 * @returns the entries of the data root that are left, because another stack made them
 * @throws Error with what the job printed.
 */
export async function removeFolders(
  docker: Docker,
  image: string,
  dataRoot: string,
  folders: string[],
): Promise<string[]> {
  const parent = dirname(dataRoot);
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [
      "sh",
      "-c",
      REMOVE_FOLDERS,
      "remove",
      `/host/${dataRoot.slice(parent.length).replace(/^\//, "")}`,
      ...folders,
    ],
    User: "0:0",
    Tty: true,
    HostConfig: {
      // The parent, as the root folder itself is removed as well.
      Binds: [`${parent}:/host`],
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["DAC_OVERRIDE", "FOWNER"],
      SecurityOpt: ["no-new-privileges:true"],
      LogConfig: { Type: "json-file", Config: {} },
    },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    const printed = (await container.logs({ stdout: true, stderr: true })).toString().trim();
    if (StatusCode !== 0) throw new Error(`The data in ${dataRoot} could not be removed: ${printed}`);
    return printed.split(/\s+/).filter(Boolean);
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Images that this program makes carry this name. */
const LOCAL_IMAGES = "nexus-local/";

/** Removes the local images that no container uses, and returns the names of those that stay. */
export async function removeLocalImages(docker: Docker): Promise<string[]> {
  const images = await docker.listImages();
  const names = images
    .flatMap(({ RepoTags }) => RepoTags ?? [])
    .filter((name) => name.startsWith(LOCAL_IMAGES));
  const kept: string[] = [];
  for (const name of names) {
    try {
      await docker.getImage(name).remove();
    } catch (error) {
      ignore(404, 409)(error as { statusCode?: number });
      if ((error as { statusCode?: number }).statusCode === 409) kept.push(name);
    }
  }
  return kept;
}

function ignore(...codes: number[]): (error: { statusCode?: number }) => void {
  return (error) => {
    if (!codes.includes(error.statusCode ?? 0)) throw error;
  };
}
