import type Docker from "dockerode";
import { pack } from "tar-stream";
import { withJobContainer } from "./job";

export interface PlainFile {
  name: string;
  content: string;
  /** Octal mode, default 0440: readable by the container's group, writable by nobody in it. */
  mode?: number;
  /** Numeric owner, default root. */
  uid?: number;
}

export interface Files {
  /** Any image that is on the host; nothing of it runs. */
  image: string;
  labels: Record<string, string>;
  volumeName: string;
  /** Numeric `uid:gid` of the process that reads the files; they belong to its group. */
  user: string;
  files: PlainFile[];
}

/**
 * Writes files into a volume, through a container that is made for that and never started. The provider's own
 * `uploads` cannot do it: it writes relative to `/`, which the Engine refuses on a read-only root file system.
 */
export async function putFiles(
  docker: Docker,
  { image, labels, volumeName, user, files }: Files,
): Promise<void> {
  const gid = Number(user.split(":")[1]);
  const archive = pack();
  for (const { name, content, mode, uid } of files) {
    archive.entry({ name, mode: mode ?? 0o440, uid: uid ?? 0, gid }, content);
  }
  archive.finalize();
  const path = "/config";
  await withJobContainer(
    docker,
    {
      Image: image,
      Labels: labels,
      HostConfig: { Binds: [`${volumeName}:${path}`], NetworkMode: "none" },
    },
    async (container) => {
      await container.putArchive(archive, { path, noOverwriteDirNonDir: "true" });
    },
  );
}
