import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../catalog/desired";
import type { VolumeArguments } from "./arguments";
import { prepareFolder } from "./dataFolder";
import { engine } from "./engine";
import type { DataServiceArgs } from "./service";

/**
 * A name bound to `<dataRoot>/<region>/<role>` on the host. The data is in the folder, not in the volume: neither
 * replacing nor deleting this resource can delete it. Without labels and with constant options, because every
 * argument of a Docker volume replaces it. The folder is made before the volume, by a job that must succeed.
 */
export function dataVolume(
  name: string,
  { area: { host, disk, tenant }, desired }: DataServiceArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  const { role, user, data } = desired;
  if (!data) throw new RangeError(`${desired.name} keeps no data`);
  const { folder } = data;
  // The same path, known when the disk is mounted: what is made before would be on the host's own disk.
  const device = pulumi.interpolate`${disk.folder}/${role}`;
  const ours: pulumi.CustomResourceOptions = {
    retainOnDelete: true,
    hooks: {
      beforeCreate: [
        () =>
          prepareFolder(engine(host.dockerHost), {
            ...{ host, owner: desired, folder, user, tenant },
            hasDisk: disk.means === "loop",
          }),
      ],
    },
  };
  return new docker.Volume(
    name,
    {
      name: data.volume,
      driver: "local",
      driverOpts: { device, o: "bind", type: "none" },
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
