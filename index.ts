import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { type Ready, underLock } from "./cli/underLock/program";
import { type Address, addressList } from "./components/addresses";
import { chooseKeeper } from "./components/disk/choose";
import { engine, engineAddress } from "./components/engine";
import { providerAccess } from "./components/engineHost";
import type { HostArgs } from "./components/host";
import { SharedNetworks } from "./components/networks";
import { NexusStack } from "./components/nexus";
import { operatorVariables } from "./components/operatorVariables";
import { fetchForProgram, programPlatform } from "./components/program";
import { skipPromiseTraces } from "./components/promiseTraces";
import { RegionStack } from "./components/region";
import { diskImage, resolveImages } from "./images/table";

skipPromiseTraces();
const projectDir = pulumi.runtime.getRootDirectory?.() ?? process.cwd();
export const addresses = underLock({ projectDir, name: pulumi.getStack() }, declare);

async function declare(ready: Ready): Promise<Address[]> {
  const platform = programPlatform({ projectDir, stack: pulumi.getStack() });
  const { settings } = platform;
  const { images, imageOverrides, dockerHost, environment } = settings;
  const imagesOfRoles = resolveImages(images, imageOverrides, projectDir);
  const imageOfDisks = diskImage(images, imageOverrides, projectDir);
  await ready(dockerHost);

  const client = engine(dockerHost);
  if (!pulumi.runtime.isDryRun()) await fetchForProgram(client, settings, projectDir);
  const keeperImage = await chooseKeeper(client, engineAddress(dockerHost), settings, imageOfDisks);

  const provider = new docker.Provider("docker", providerAccess(dockerHost));
  const host: HostArgs = {
    images: imagesOfRoles,
    dataRoot: settings.dataRoot,
    namePrefix: settings.namePrefix,
    stackId: new random.RandomUuid("stack-id").result,
    stackName: `${pulumi.getStack()} of project ${pulumi.getProject()}`,
    healthIntervalSeconds: settings.healthIntervalSeconds,
    restartUnhealthySeconds: settings.restartUnhealthySeconds,
    dockerHost,
  };
  const opts = { providers: [provider] };

  const networks = new SharedNetworks("networks", { host, addresses: platform.networks }, opts);
  const { gateway, publish } = settings;
  const variables = operatorVariables(imageOverrides.gameServer, new pulumi.Config("nexus"));
  const nexus = new NexusStack(
    "nexus",
    {
      ...{ host, networks, budget: platform.nexus, gateway, publish, environment },
      ...{ variables: variables.nexus, diskKeeper: keeperImage },
    },
    opts,
  );
  const shared = {
    ...{ host, regionalNetwork: networks.regional.name, keys: nexus.keys, environment },
    variables: variables.regions,
  };
  for (const region of platform.regions) {
    new RegionStack(`region-${region.name}`, { ...shared, region, diskKeeper: nexus.diskKeeper }, opts);
  }
  return addressList(platform);
}
