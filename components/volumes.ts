import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { VolumeArguments } from "./arguments";
import { prepareFolder } from "./dataFolder";
import type { RegionDisk } from "./disk/regionDisk";
import { engine } from "./engine";
import type { HostArgs, Owner } from "./host";
import { dataFolder } from "./layout";

export interface DataVolumeArgs {
  host: HostArgs;
  owner: Owner;
  /** Volume name without the stack's prefix. A change would abandon the data: never change it. */
  volumeName: string;
  /** Numeric "uid:gid" of the process that writes the data. */
  user: string;
  /** Whose data it is. Data of somebody else under the same name is never adopted. */
  tenant: string;
  /** The disk of the region, or of the Nexus. */
  disk: RegionDisk;
}

/**
 * A name bound to `<dataRoot>/<region>/<role>` on the host. The data is in the folder, not in the volume: neither
 * replacing nor deleting this resource can delete it. Without labels and with constant options, because every
 * argument of a Docker volume replaces it. The folder is made before the volume, by a job that must succeed.
 */
export function dataVolume(
  name: string,
  args: DataVolumeArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  const { host, owner, disk } = args;
  const folder = dataFolder(host.dataRoot, owner);
  // The same path, known when the disk is mounted: what is made before would be on the host's own disk.
  const device = pulumi.interpolate`${disk.folder}/${owner.role}`;
  const ours: pulumi.CustomResourceOptions = {
    retainOnDelete: true,
    hooks: {
      beforeCreate: [
        () =>
          prepareFolder(engine(host.dockerHost), {
            host,
            owner,
            folder,
            user: args.user,
            tenant: args.tenant,
            hasDisk: disk.means === "loop",
          }),
      ],
    },
  };
  return new docker.Volume(
    name,
    {
      name: host.namePrefix + args.volumeName,
      driver: "local",
      driverOpts: { device, o: "bind", type: "none" },
    } satisfies VolumeArguments,
    pulumi.mergeOptions(ours, opts),
  );
}

/** A small volume for rendered configuration and secrets. It holds nothing that cannot be written again. */
export function configVolume(
  name: string,
  args: { host: HostArgs; volumeName: string },
  opts: pulumi.CustomResourceOptions,
): docker.Volume {
  return new docker.Volume(name, { name: args.host.namePrefix + args.volumeName, driver: "local" }, opts);
}
