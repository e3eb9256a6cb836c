import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../catalog/desired";
import type { VolumeArguments } from "./arguments";
import { prepareFolder } from "./dataFolder";
import { ensureDisk } from "./disk/disks";
import { engine } from "./engine";
import type { DataServiceArgs } from "./service";

/**
 * A name bound to `<dataRoot>/<region>/<role>` on the host. The data is in the folder, not in the volume: neither
 * replacing nor deleting this resource can delete it. Without labels and with constant options, because every
 * argument of a Docker volume replaces it. The folder is made before the volume, by a job that must succeed.
 */
export function dataVolume(
  name: string,
  { area: { host, diskBytes, tenant }, desired }: DataServiceArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  const { region, user, data } = desired;
  if (!data) throw new RangeError(`${desired.name} keeps no data`);
  const { folder } = data;
  const hasDisk = diskBytes !== undefined;
  const ours: pulumi.CustomResourceOptions = {
    retainOnDelete: true,
    hooks: {
      beforeCreate: [
        async () => {
          const docker = engine(host.dockerHost);
          // First: what is made before it is mounted would be on the host's own disk.
          if (hasDisk) await ensureDisk(docker, host, region, diskBytes);
          await prepareFolder(docker, { host, owner: desired, folder, user, tenant, hasDisk });
        },
      ],
    },
  };
  return new docker.Volume(
    name,
    {
      name: data.volume,
      driver: "local",
      driverOpts: { device: folder, o: "bind", type: "none" },
    } satisfies VolumeArguments,
    pulumi.mergeOptions(ours, opts),
  );
}

/** A small volume for rendered configuration and secrets. It holds nothing that cannot be written again. */
export function configVolume(
  name: string,
  { name: container, config }: DesiredContainer,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  if (!config) throw new RangeError(`${container} has no files of its own`);
  return new docker.Volume(name, { name: config, driver: "local" }, opts);
}
