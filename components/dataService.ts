import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { Image } from "../images/table";
import type { ContainerLimits } from "../regions/model";
import type { ConfigFile } from "./configFiles";
import { type Attachment, serviceContainer } from "./container";
import type { RegionDisk } from "./disk/regionDisk";
import type { HostArgs, Owner } from "./host";
import { CONFIG_PATH, configVolumeName, dataVolumeName, LOOPBACK } from "./layout";
import type { LiveTuning } from "./resize";
import type { StartCpu } from "./start/startCpu";
import { configVolume, dataVolume } from "./volumes";

/** What all services that keep data are told from outside. */
export interface DataServiceArgs {
  host: HostArgs;
  owner: Owner;
  /** Container name; also the prefix of the volumes' names. A change replaces. */
  containerName: string;
  /** DNS name that clients use. A change replaces. */
  hostname: string;
  networks: [Attachment, ...Attachment[]];
  /** Whose data it is: the region's owner, or the Nexus. Looked at when the volume is made, not when it changes. */
  tenant: string;
  /** The disk that the data volume is on. */
  disk: RegionDisk;
  /** A change is in place; the service is told of it. */
  limits: ContainerLimits;
  /** What its region, or the Nexus, lends while others of it start. */
  startCpu?: StartCpu;
  /** Loopback port; default: not published. A change replaces the container. */
  publish?: { external: number };
}

/** What a kind of service adds: its program, its files, and where it keeps data. */
export interface DataServiceSpec {
  image: Image;
  entrypoint: string[];
  files: ConfigFile[];
  /** What follows from the limits and changes while it runs. */
  tuning?: LiveTuning;
  /** Where the data volume is mounted. A change replaces. */
  dataPath: string;
  /** Port that the program listens on in its container. */
  port: number;
  /** Docker health check in exec form. A change replaces. */
  health: string[];
  /** Seconds between the stop signal and SIGKILL. In place. */
  stopGraceSeconds: number;
  /** Scratch folders beside `/tmp`. A change replaces. */
  tmpfs?: Record<string, string>;
  /** Size of /dev/shm in bytes; default 64 MB. A change replaces. */
  shmBytes?: number;
}

/** A container with a volume for its data, bound to a folder on the host, and one for its configuration. */
export function dataService(
  name: string,
  args: DataServiceArgs,
  spec: DataServiceSpec,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { host, owner, containerName, networks, limits, startCpu, publish } = args;
  const config = configVolume(`${name}-config`, { host, volumeName: configVolumeName(containerName) }, opts);
  const data = dataVolume(
    `${name}-data`,
    {
      host,
      owner,
      volumeName: dataVolumeName(containerName),
      user: spec.image.user,
      tenant: args.tenant,
      disk: args.disk,
    },
    opts,
  );
  return serviceContainer(
    `${name}-container`,
    {
      host,
      owner,
      containerName,
      networks,
      limits,
      startCpu,
      image: spec.image,
      entrypoint: spec.entrypoint,
      health: spec.health,
      shmBytes: spec.shmBytes,
      stopGraceSeconds: spec.stopGraceSeconds,
      config: { volume: config, path: CONFIG_PATH, files: spec.files, tuning: spec.tuning },
      volumes: [{ volumeName: data.name, containerPath: spec.dataPath }],
      tmpfs: { "/tmp": "mode=1777", ...spec.tmpfs },
      publish: publish && [{ internal: spec.port, external: publish.external, ip: LOOPBACK }],
    },
    opts,
  );
}
