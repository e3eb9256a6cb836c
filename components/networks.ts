import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { SharedAddresses } from "../regions/model";
import type { NetworkArguments } from "./arguments";
import { type HostArgs, labels, NEXUS, type Owner } from "./host";
import { SHARED_NETWORKS } from "./layout";

export interface NetworkArgs {
  host: HostArgs;
  owner: Owner;
  /** Network name without the stack's prefix. A change replaces the network and every container on it. */
  networkName: string;
  subnet: string;
  /** Always given: engines differ in whether they report a gateway that was not, and a difference replaces. */
  gateway: string;
  /** Part of the subnet for addresses that nobody asked for; default: all of it. */
  ipRange?: string;
  /** No route out of the network, for containers that need none. */
  internal?: boolean;
}

/** A bridge network with an explicit address range. */
export function network(name: string, args: NetworkArgs, opts: pulumi.CustomResourceOptions): docker.Network {
  const { host, owner, subnet, gateway, ipRange } = args;
  const given: NetworkArguments = {
    name: host.namePrefix + args.networkName,
    driver: "bridge",
    internal: args.internal ?? false,
    ipamConfigs: [{ subnet, gateway, ipRange }],
    labels: labels(host, owner),
  };
  return new docker.Network(name, given, pulumi.mergeOptions({ deleteBeforeReplace: true }, opts));
}

export interface SharedNetworksArgs {
  host: HostArgs;
  addresses: SharedAddresses;
}

/** The two networks that outlive any region: `nexus` for central services, `regional` for the regions' front doors. */
export class SharedNetworks extends pulumi.ComponentResource {
  /** Central services. No container of a region is on it. */
  readonly nexus: docker.Network;
  /** Gateway, Nexus server and the servers of all regions; nothing else of a region. */
  readonly regional: docker.Network;

  constructor(name: string, args: SharedNetworksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nexus:network:SharedNetworks", name, {}, opts);
    const { host, addresses } = args;
    const child = { parent: this };

    this.nexus = network(
      `${name}-nexus`,
      {
        host,
        owner: { region: NEXUS, role: "network" },
        networkName: SHARED_NETWORKS.nexus,
        ...addresses.nexus,
      },
      child,
    );
    this.regional = network(
      `${name}-regional`,
      {
        host,
        owner: { region: NEXUS, role: "network" },
        networkName: SHARED_NETWORKS.regional,
        ...addresses.regional,
      },
      child,
    );
    this.registerOutputs({ nexus: this.nexus, regional: this.regional });
  }
}
