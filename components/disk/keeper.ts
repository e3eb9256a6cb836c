import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer } from "../../catalog/desired";
import { serviceContainer } from "../container";
import { prepareRoot } from "../dataFolder";
import { engine } from "../engine";
import { childOf } from "../former";
import type { HostArgs } from "../host";
import { Starts } from "../ready/starts";

/**
 * The stack's one privileged container. It mounts the regions' disks when the host boots, and grows them on request;
 * it has no network. Mounts belong to the host: replacing or removing the keeper unmounts nothing. It is nobody's child:
 * what the Nexus' own component does to its disk, it does by the keeper.
 */
export function diskKeeper(
  name: string,
  { host, desired }: { host: HostArgs; desired: DesiredContainer },
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const aliases = [childOf("nexus:nexus:NexusStack", "nexus")];
  const hooks = { beforeCreate: [() => prepareRoot(engine(host.dockerHost), host, desired)] };
  return serviceContainer(
    name,
    {
      ...{ area: { host, networks: {}, starts: new Starts(host) }, desired },
      entrypoint: ["disk", "keep"],
      env: { DISK_ROOT: host.dataRoot },
      tmpfs: { "/tmp": "mode=1777" },
      health: ["CMD", "disk", "check"],
      // A host that boots mounts a hundred disks in seconds; replaying the journals after a crash takes longer.
      startPeriodSeconds: 90,
    },
    pulumi.mergeOptions({ hooks, aliases }, opts),
  );
}
