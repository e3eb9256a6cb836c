import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { HostArgs } from "../../components/host";
import { SharedNetworks } from "../../components/networks";
import { NexusStack } from "../../components/nexus";
import { operatorVariables } from "../../components/operatorVariables";
import { RegionStack } from "../../components/region";
import { nexusBudget } from "../../config/nexusBudget";
import { diskImage, type ImageOverrides, resolveImages } from "../../images/table";
import { regionAddresses, sharedAddresses } from "../../regions/addresses";
import { regionBudget } from "../../regions/budget";
import type { RegionModel } from "../../regions/model";

export const RANGES = { nexus: "172.20.0.0/16", regional: "172.21.0.0/16", regions: "172.22.0.0/16" };
export const GB = 1_000_000_000;

/** A region of the smallest size; a test changes what it is about. */
export function region(name: string, slot: number, changes: Partial<RegionModel> = {}): RegionModel {
  const resources = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
  return {
    name,
    slot,
    owner: "owner-1",
    resources,
    players: 100,
    connections: {},
    game: {
      governance: "democracy",
      economy: "balanced",
      startingCredits: 1000,
      startingShip: "scout",
      language: {},
      theme: {},
      rules: {},
    },
    budget: regionBudget(resources, 100),
    addresses: regionAddresses(slot, RANGES),
    ...changes,
  };
}

/**
 * Declares the platform that index.ts declares, from values instead of files.
 * @param withDisks false: as on a host that cannot keep disk limits
 * @param overrides images in place of the local ones
 */
export function declarePlatform(
  regions: RegionModel[],
  withDisks = true,
  overrides: ImageOverrides = {},
): void {
  const variables = operatorVariables(overrides.gameServer, new pulumi.Config("nexus"));
  const provider = new docker.Provider("docker", {});
  const opts = { providers: [provider] };
  const host: HostArgs = {
    images: resolveImages("local", overrides, process.cwd()),
    dataRoot: "/data",
    namePrefix: "t-",
    stackId: pulumi.output("stack-1"),
    stackName: "test of project nexus",
    healthIntervalSeconds: 10,
    restartUnhealthySeconds: 60,
  };
  const networks = new SharedNetworks("networks", { host, addresses: sharedAddresses(RANGES) }, opts);
  const nexus = new NexusStack(
    "nexus",
    {
      host,
      networks,
      budget: nexusBudget("laptop"),
      gateway: { address: "127.0.0.1", httpPort: 80, readTimeoutSeconds: 5, trustedProxies: [] },
      publish: { nexusDb: 5433 },
      environment: "staging",
      variables: variables.nexus,
      diskKeeper: withDisks ? diskImage("local", {}, process.cwd()) : undefined,
    },
    opts,
  );
  for (const one of regions) {
    new RegionStack(
      `region-${one.name}`,
      {
        host,
        region: one,
        regionalNetwork: networks.regional.name,
        keys: nexus.keys,
        environment: "staging",
        variables: variables.regions,
        diskKeeper: nexus.diskKeeper,
      },
      opts,
    );
  }
}
