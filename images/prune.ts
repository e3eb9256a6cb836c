/** Removes images that this folder made and that nobody needs any more. */
import type Docker from "dockerode";
import { LABEL, localRefs } from "./recipes";

/** Removes what killed builds left behind: unnamed images and stopped containers with our label. */
export async function removeDangling(docker: Docker): Promise<void> {
  await docker.pruneImages({ filters: { dangling: ["true"], label: [LABEL] } });
}

/** Removes images by id or name, newest first; one that is in use stays. */
export async function removeImages(docker: Docker, images: string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const image of images) {
    try {
      await docker.getImage(image).remove();
      removed.push(image);
    } catch (error) {
      const { statusCode } = error as { statusCode?: number };
      if (statusCode !== 404 && statusCode !== 409) throw error;
    }
  }
  return removed;
}

/**
 * Removes named local images.
 *
 * @param keepCurrent true keeps those that this checkout would use, and removes their older versions only
 * @returns the references removed; images that a container uses stay
 */
export async function removeLocalImages(
  docker: Docker,
  projectDir: string,
  keepCurrent: boolean,
): Promise<string[]> {
  const current = new Set<string>(keepCurrent ? Object.values(localRefs(projectDir)) : []);
  const images = await docker.listImages({ filters: { label: [LABEL] } });
  const newestFirst = images.sort((a, b) => b.Created - a.Created).flatMap((image) => image.RepoTags ?? []);
  return removeImages(
    docker,
    newestFirst.filter((ref) => !current.has(ref) && ref !== "<none>:<none>"),
  );
}
