import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerIn } from "../../catalog/desired";
import { DISK_ROLE } from "../../catalog/keeper";
import { NEXUS } from "../../catalog/names";
import { nexusBudget } from "../../catalog/nexusBudget";
import { regionBudget } from "../../catalog/regionBudget";
import { diskKeeper } from "../../components/disk/keeper";
import type { HostArgs } from "../../components/host";
import { SharedNetworks } from "../../components/networks";
import { NexusStack } from "../../components/nexus";
import { operatorVariables } from "../../components/operatorVariables";
import { RegionStack } from "../../components/region";
import { rootKeys } from "../../components/secrets";
import type { ImageOverrides } from "../../images/image";
import { resolveImages } from "../../images/table";
import { completed, type Platform } from "../../platform";
import { regionAddresses, sharedAddresses } from "../../regions/addresses";
import type { RegionModel } from "../../regions/model";
import type { Settings } from "../../settings";
import { parseSettings } from "./settings";

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
    split: 1,
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

const SETTINGS = parseSettings("test", {
  "nexus:images": "local",
  "nexus:namePrefix": "t-",
  "nexus:dataRoot": "/data",
  "nexus:networks": RANGES,
  "nexus:publish": { nexusDb: 5433 },
  "nexus:profile": "laptop",
  "nexus:environment": "staging",
});

/** A platform with these regions, as the files would say it. */
export function platformOf(regions: RegionModel[], settings: Partial<Settings> = {}): Platform {
  const all = { ...SETTINGS, ...settings };
  return completed({
    stack: "test",
    settings: all,
    nexus: nexusBudget("laptop"),
    networks: sharedAddresses(RANGES),
    regions,
    images: resolveImages("local", all.imageOverrides, process.cwd()),
  });
}

/**
 * Declares the platform that index.ts declares, from values instead of files.
 * @param withDisks false: as on a host that cannot keep disk limits
 * @param imageOverrides images in place of the local ones
 */
export function declarePlatform(
  regions: RegionModel[],
  withDisks = true,
  imageOverrides: ImageOverrides = {},
): void {
  const { settings, images, desired, nexus: budget } = platformOf(regions, { imageOverrides });
  const variables = operatorVariables(imageOverrides.gameServer, new pulumi.Config("nexus"));
  const provider = new docker.Provider("docker", {});
  const opts = { providers: [provider] };
  const host: HostArgs = {
    images,
    dataRoot: settings.dataRoot,
    namePrefix: settings.namePrefix,
    stackId: pulumi.output("stack-1"),
    stackName: "test of project nexus",
    healthIntervalSeconds: 10,
    restartUnhealthySeconds: 60,
  };
  const { environment, gateway } = settings;
  const networks = new SharedNetworks("networks", { host, desired }, opts);
  const keeper = containerIn(desired, { region: NEXUS, role: DISK_ROLE });
  const all = {
    ...{ host, desired, environment, keys: rootKeys("nexus") },
    ...(withDisks && { diskKeeper: diskKeeper("disk-keeper", { host, desired: keeper }, { provider }) }),
  };
  new NexusStack("nexus", { ...all, networks, budget, gateway, variables: variables.nexus }, opts);
  for (const region of regions) {
    const own = { region, regionalNetwork: networks.regional.name, variables: variables.regions };
    new RegionStack(`region-${region.name}`, { ...all, ...own }, opts);
  }
}
