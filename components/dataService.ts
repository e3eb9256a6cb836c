import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../catalog/desired";
import type { ConfigFile } from "./configFiles";
import { type Area, type ServiceConfig, serviceContainer } from "./container";
import type { RegionDisk } from "./disk/regionDisk";
import type { LiveTuning } from "./resize";
import { configVolume, dataVolume } from "./volumes";

/** A region, or the Nexus, as those of its services see it that keep data. */
export interface DataArea extends Area {
  /** The disk that all its data is on. */
  disk: RegionDisk;
  /** Whose data it is: the region's owner, or the Nexus. Looked at when a volume is made, not when it changes. */
  tenant: string;
}

/** What all services that keep data are told from outside. */
export interface DataServiceArgs {
  area: DataArea;
  /** Limits change in place, and the service is told of them; everything else replaces its container. */
  desired: DesiredContainer;
}

/** What a kind of service adds: how its program is started, and its files. */
export interface DataServiceSpec {
  entrypoint: string[];
  files: ConfigFile[];
  /** See `ServiceConfig.live`. */
  live?: ServiceConfig["live"];
  /** What follows from the limits and changes while it runs. */
  tuning?: LiveTuning;
  /** Docker health check in exec form. A change replaces. */
  health: string[];
  /** Scratch folders beside `/tmp`. A change replaces. */
  tmpfs?: Record<string, string>;
  /** Size of /dev/shm in bytes; default 64 MB. A change replaces. */
  shmBytes?: number;
}

/** A container with a volume for its data, bound to a folder on the host, and one for its configuration. */
export function dataService(
  name: string,
  { area, desired }: DataServiceArgs,
  { files, live, tuning, tmpfs, ...spec }: DataServiceSpec,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const config = configVolume(`${name}-config`, desired, opts);
  const data = dataVolume(`${name}-data`, { area, desired }, opts);
  return serviceContainer(
    `${name}-container`,
    {
      ...{ area, desired, ...spec },
      config: { volume: config, files, live, tuning },
      dataVolume: data.name,
      tmpfs: { "/tmp": "mode=1777", ...tmpfs },
    },
    opts,
  );
}
