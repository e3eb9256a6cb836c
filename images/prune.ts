import type Docker from "dockerode";

/** Removes images by id or name, in this order; one that is in use, or gone, is passed over. @returns those removed */
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
