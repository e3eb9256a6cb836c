import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { addressList } from "./components/addresses";
import type { HostArgs } from "./components/host";
import { SharedNetworks } from "./components/networks";
import { NexusStack } from "./components/nexus";
import { programPlatform } from "./components/program";
import { RegionStack } from "./components/region";
import { resolveImages } from "./images/table";

const projectDir = pulumi.runtime.getRootDirectory?.() ?? process.cwd();
const platform = programPlatform({ projectDir, stack: pulumi.getStack() });
const { settings } = platform;

const provider = new docker.Provider("docker", { host: settings.dockerHost });
const host: HostArgs = {
  images: resolveImages(settings.images, settings.imageOverrides, projectDir),
  dataRoot: settings.dataRoot,
  namePrefix: settings.namePrefix,
  stackId: new random.RandomUuid("stack-id").result,
  healthIntervalSeconds: settings.healthIntervalSeconds,
  dockerHost: settings.dockerHost,
};
const opts = { providers: [provider] };

const networks = new SharedNetworks("networks", { host, addresses: platform.networks }, opts);
const nexus = new NexusStack(
  "nexus",
  {
    host,
    networks,
    budget: platform.nexus,
    gateway: settings.gateway,
    publish: settings.publish,
    environment: settings.environment,
  },
  opts,
);
for (const region of platform.regions) {
  new RegionStack(
    `region-${region.name}`,
    {
      host,
      region,
      regionalNetwork: networks.regional.name,
      keys: nexus.keys,
      environment: settings.environment,
    },
    opts,
  );
}

export const addresses = addressList(platform);
