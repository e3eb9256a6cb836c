import type Docker from "dockerode";
import type { Platform } from "../../platform";

/**
 * An image with a shell. Which of them does not matter, and none is pulled only for this.
 * @throws whatever kept the Engine from answering: that is no missing image
 */
export async function presentImage(docker: Docker, { images }: Platform): Promise<string | undefined> {
  for (const { ref } of [images.postgres, images.redis, images.nginx]) {
    const present = await docker
      .getImage(ref)
      .inspect()
      .then(
        () => true,
        (error: { statusCode?: number }) => {
          if (error.statusCode === 404) return false;
          throw error;
        },
      );
    if (present) return ref;
  }
  return undefined;
}
