import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../../images/table";
import { serviceContainer } from "../container";
import { prepareRoot } from "../dataFolder";
import { engine } from "../engine";
import { type HostArgs, NEXUS } from "../host";
import { DISK_ACCESS, DISK_KEEPER, DISK_KEEPER_LIMITS, DISK_ROLE } from "./access";

/**
 * The stack's one privileged container. It mounts the regions' disks when the host boots, and grows them on request;
 * it has no network. Mounts belong to the host: replacing or removing the keeper unmounts nothing.
 * @param args.image image of the recipe `disk`; a change replaces the keeper and touches nothing else
 */
export function diskKeeper(
  name: string,
  { host, image }: { host: HostArgs; image: Image },
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const owner = { region: NEXUS, role: DISK_ROLE };
  const hooks = { beforeCreate: [() => prepareRoot(engine(host.dockerHost), host, owner)] };
  return serviceContainer(
    name,
    {
      host,
      owner,
      containerName: DISK_KEEPER,
      image,
      limits: DISK_KEEPER_LIMITS,
      networks: [],
      access: { ...DISK_ACCESS, shared: host.dataRoot },
      entrypoint: ["disk", "keep"],
      env: { DISK_ROOT: host.dataRoot },
      tmpfs: { "/tmp": "mode=1777" },
      health: ["CMD", "disk", "check"],
      stopGraceSeconds: 30,
      // A host that boots mounts a hundred disks in seconds; replaying the journals after a crash takes longer.
      startPeriodSeconds: 90,
    },
    pulumi.mergeOptions({ hooks }, opts),
  );
}
