import type Docker from "dockerode";
import { gone } from "../../components/engine";
import type { Platform } from "../../platform";

/**
 * An image with a shell. Which of them does not matter, and none is pulled only for this.
 * @throws whatever kept the Engine from answering: that is no missing image
 */
export async function presentImage(docker: Docker, { images }: Platform): Promise<string | undefined> {
  for (const { ref } of [images.postgres, images.redis, images.nginx]) {
    if (await docker.getImage(ref).inspect().catch(gone)) return ref;
  }
  return undefined;
}
