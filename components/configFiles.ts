import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { HostArgs, Owner } from "./host";
import { jobLabels, known } from "./known";
import { type PlainFile, putFiles } from "./putFiles";

/** A rendered file of a container. */
export interface ConfigFile extends Omit<PlainFile, "content"> {
  content: pulumi.Input<string>;
}

export interface ConfigFiles {
  host: Pick<HostArgs, "images" | "stackId">;
  owner: Owner;
  /** Name of the volume that the files go to. */
  volumeName: pulumi.Input<string>;
  /** Numeric `uid:gid` of the container's process. */
  user: string;
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

/** Writes the files into their volume, once everything in them is known. */
export async function writeConfigFiles(docker: Docker, args: ConfigFiles): Promise<void> {
  const { host, user } = args;
  const files = args.files.map(async (file) => ({ ...file, content: await known(file.content) }));
  await putFiles(docker, {
    image: host.images.nginx.ref,
    labels: await jobLabels(host, args.owner, "configure"),
    volumeName: await known(args.volumeName),
    user,
    files: await Promise.all(files),
  });
}
