import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "./configFiles";
import { serviceContainer } from "./container";
import type { LiveTuning } from "./resize";
import type { DataServiceArgs, ServiceConfig } from "./service";
import { configVolume, dataVolume } from "./volumes";

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
