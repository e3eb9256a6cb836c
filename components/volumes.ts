import { isDeepStrictEqual } from "node:util";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import type { DataMount, DesiredContainer } from "../catalog/desired";
import type { VolumeArguments } from "./arguments";
import { prepareFolder } from "./dataFolder";
import { ensureDisk } from "./disk/disks";
import { engine, gone } from "./engine";
import type { DataServiceArgs } from "./service";

/**
 * What must be there before a container that keeps data is made: its region's disk, its folder, and the volume by
 * which it knows the folder. Done again, it changes nothing. For hooks.
 * @throws Error when a part of it is missing, or is another's
 */
export async function prepareData({ area, desired }: DataServiceArgs): Promise<void> {
  const { host, diskBytes, tenant } = area;
  const { region, user, data } = desired;
  if (!data) throw new RangeError(`${desired.name} keeps no data`);
  const on = engine(host.dockerHost);
  const hasDisk = diskBytes !== undefined;
  // First: what is made before it is mounted would be on the host's own disk.
  if (hasDisk) await ensureDisk(on, host, region, diskBytes);
  await prepareFolder(on, { host, owner: desired, folder: data.folder, user, tenant, hasDisk });
  await on.createVolume({ Name: data.volume, Driver: "local", DriverOpts: optionsOf(data) });
  await requireOwn(on, data);
}

/**
 * A data volume is a name for a folder on the host. It holds nothing itself, so nothing that happens to it deletes data;
 * without labels and with constant options, there is nothing in it to change (ADR 0002).
 */
function optionsOf({ folder }: DataMount): Record<string, string> {
  return { device: folder, o: "bind", type: "none" };
}

/**
 * Docker keeps a volume as it was made, and gives it to whoever asks for another one of that name.
 * @throws Error when there is one that leads elsewhere
 */
export async function requireOwn(on: Docker, data: DataMount): Promise<void> {
  const is = await on.getVolume(data.volume).inspect().catch(gone);
  if (!is || (is.Driver === "local" && isDeepStrictEqual(is.Options, optionsOf(data)))) return;
  throw new Error(`${strangeVolume(data.volume, data.folder, is.Options?.device)}.`);
}

/** What is wrong with a volume that is not the one it should be, and what to do. */
export function strangeVolume(name: string, folder: string, is: string | undefined): string {
  const where = is === undefined ? "kept by Docker itself" : `bound to ${is}`;
  return (
    `the Docker volume ${name} is there already and ${where}; this stack's data belongs into ${folder}. ` +
    `Copy what somebody needs of it, then: docker volume rm ${name}`
  );
}

/** A small volume for rendered configuration and secrets. It holds nothing that cannot be written again. */
export function configVolume(
  name: string,
  { name: container, config }: DesiredContainer,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  if (!config) throw new RangeError(`${container} has no files of its own`);
  return new docker.Volume(name, { name: config, driver: "local" } satisfies VolumeArguments, opts);
}
