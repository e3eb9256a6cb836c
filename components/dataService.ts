import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "./configFiles";
import { serviceContainer } from "./container";
import type { LiveTuning } from "./resize";
import type { DataServiceArgs, ServiceConfig } from "./service";
import { configVolume, prepareData } from "./volumes";

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

/**
 * A container with a volume for its data, bound to a folder on the host, and one for its configuration. The first is no
 * resource: its container's hook makes it, at each creation. That of the other volume begins with it, while the provider
 * still makes the network.
 */
export function dataService(
  name: string,
  { area, desired }: DataServiceArgs,
  { files, live, tuning, tmpfs, ...spec }: DataServiceSpec,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  let prepared: Promise<void> | undefined;
  const prepare = (): Promise<void> => (prepared ??= prepareData({ area, desired }));
  const early = { hooks: { beforeCreate: [prepare] } };
  const config = configVolume(`${name}-config`, desired, pulumi.mergeOptions(early, opts));
  return serviceContainer(
    `${name}-container`,
    {
      ...{ area, desired, ...spec },
      config: { volume: config, files, live, tuning },
      prepare,
      tmpfs: { "/tmp": "mode=1777", ...tmpfs },
    },
    opts,
  );
}
