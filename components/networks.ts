import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type Desired, type DesiredNetwork, networkNamed } from "../catalog/desired";
import { SHARED_NETWORKS } from "../catalog/names";
import type { NetworkArguments } from "./arguments";
import { type HostArgs, labels } from "./host";

/**
 * A bridge network with an explicit address range. A change of it replaces the network and every container on it. The
 * gateway is always given: engines differ in whether they report one that was not, and a difference replaces.
 */
export function network(
  name: string,
  { host, desired }: { host: HostArgs; desired: DesiredNetwork },
  opts: pulumi.CustomResourceOptions,
): docker.Network {
  const { region, subnet, gateway, ipRange, internal } = desired;
  const given: NetworkArguments = {
    ...{ name: desired.name, driver: "bridge", internal },
    ipamConfigs: [{ subnet, gateway, ipRange }],
    labels: labels(host, { region, role: "network" }),
  };
  return new docker.Network(name, given, pulumi.mergeOptions({ deleteBeforeReplace: true }, opts));
}

/** The two networks that outlive any region: `nexus` for central services, `regional` for the regions' front doors. */
export class SharedNetworks extends pulumi.ComponentResource {
  /** Central services. No container of a region is on it. */
  readonly nexus: docker.Network;
  /** Gateway, Nexus server and the servers of all regions; nothing else of a region. */
  readonly regional: docker.Network;

  constructor(
    name: string,
    { host, desired }: { host: HostArgs; desired: Desired },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("nexus:network:SharedNetworks", name, {}, opts);
    const shared = (kind: keyof typeof SHARED_NETWORKS) =>
      network(
        `${name}-${kind}`,
        { host, desired: networkNamed(desired, host.namePrefix + SHARED_NETWORKS[kind]) },
        { parent: this },
      );
    this.nexus = shared("nexus");
    this.regional = shared("regional");
    this.registerOutputs({ nexus: this.nexus, regional: this.regional });
  }
}
