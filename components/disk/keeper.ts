import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../../catalog/desired";
import { serviceContainer } from "../container";
import { prepareRoot } from "../dataFolder";
import { engine } from "../engine";
import type { Area } from "../service";

/**
 * The stack's one privileged container. It mounts the regions' disks when the host boots, and grows them on request;
 * it has no network. Mounts belong to the host: replacing or removing the keeper unmounts nothing.
 */
export function diskKeeper(
  name: string,
  { area, desired }: { area: Area; desired: DesiredContainer },
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const { host } = area;
  const hooks = { beforeCreate: [() => prepareRoot(engine(host.dockerHost), host, desired)] };
  return serviceContainer(
    name,
    {
      ...{ area, desired },
      entrypoint: ["disk", "keep"],
      env: { DISK_ROOT: host.dataRoot },
      tmpfs: { "/tmp": "mode=1777" },
      health: ["CMD", "disk", "check"],
      // A host that boots mounts a hundred disks in seconds; replaying the journals after a crash takes longer.
      startPeriodSeconds: 90,
    },
    pulumi.mergeOptions({ hooks }, opts),
  );
}
