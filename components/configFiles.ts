import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { HostArgs, Owner } from "./host";
import { withJobContainer } from "./job";
import { jobLabels, known } from "./known";

/** A rendered file of a container. */
export interface ConfigFile {
  name: string;
  content: pulumi.Input<string>;
  /** Octal mode, default 0440: readable by the container's group, writable by nobody in it. */
  mode?: number;
  /** Numeric owner, default root. */
  uid?: number;
}

export interface ConfigFiles {
  host: Pick<HostArgs, "images" | "stackId">;
  owner: Owner;
  /** Name of the volume that the files go to. */
  volumeName: pulumi.Input<string>;
  /** Numeric group of the files: that of the container's process. */
  gid: number;
  files: ConfigFile[];
}

/**
 * Short digest of all files. As a label it replaces the container when a file changes. It is not secret: the
 * contents that are hold 40 random characters each.
 */
export function digest(files: ConfigFile[]): pulumi.Output<string> {
  const parts = files.flatMap(({ name, content, mode, uid }) => [name, content, String(mode), String(uid)]);
  const hash = (values: string[]) =>
    createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 16);
  return pulumi.unsecret(pulumi.all(parts).apply(hash));
}

/**
 * Writes the files into their volume, through a container that is made for that and never started. The provider's
 * own `uploads` cannot do it: it writes relative to `/`, which the Engine refuses on a read-only root file system.
 */
export async function writeConfigFiles(docker: Docker, args: ConfigFiles): Promise<void> {
  const { host, files } = args;
  const volume = await known(args.volumeName);
  const labels = await jobLabels(host, args.owner, "configure");
  const archive = pack();
  for (const { name, content, mode, uid } of files) {
    archive.entry({ name, mode: mode ?? 0o440, uid: uid ?? 0, gid: args.gid }, await known(content));
  }
  archive.finalize();
  const path = "/config";
  await withJobContainer(
    docker,
    {
      Image: host.images.nginx.ref,
      Labels: labels,
      HostConfig: { Binds: [`${volume}:${path}`], NetworkMode: "none" },
    },
    async (container) => {
      await container.putArchive(archive, { path, noOverwriteDirNonDir: "true" });
    },
  );
}
