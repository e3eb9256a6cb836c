import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { containerIn } from "./catalog/desired";
import { DISK_ROLE } from "./catalog/keeper";
import { NEXUS } from "./catalog/names";
import { type Address, addressList } from "./components/addresses";
import { chooseDiskMeans } from "./components/disk/choose";
import { diskKeeper } from "./components/disk/keeper";
import { engine, engineAddress } from "./components/engine";
import { providerAccess } from "./components/engineHost";
import type { HostArgs } from "./components/host";
import { known } from "./components/known";
import { SharedNetworks } from "./components/networks";
import { NexusStack } from "./components/nexus";
import { operatorVariables } from "./components/operatorVariables";
import { leaveReferences } from "./components/outputReferences";
import { fetchForProgram, programPlatform } from "./components/program";
import { skipPromiseTraces } from "./components/promiseTraces";
import { RegionStack } from "./components/region";
import { rootKeys } from "./components/secrets";
import type { Run } from "./operations/deploy/underLock/held";
import { type Ready, underLock } from "./operations/deploy/underLock/program";

skipPromiseTraces();
leaveReferences();

/** The program of every stack: it declares all that the stack shall have, and returns where that answers. */
export function program(run: Run): Promise<Address[]> {
  return underLock({ ...run, name: pulumi.getStack() }, (ready) => declare(run, ready));
}

async function declare({ projectDir, env }: Run, ready: Ready): Promise<Address[]> {
  const platform = programPlatform({ projectDir, stack: pulumi.getStack() });
  const { settings } = platform;
  const { dockerHost, environment, gateway } = settings;
  await ready(dockerHost);

  const client = engine(dockerHost);
  if (!pulumi.runtime.isDryRun()) await fetchForProgram(client, platform, projectDir);
  const address = engineAddress(dockerHost);
  const diskMeans = await chooseDiskMeans(client, address, settings, platform.images.disk, env);

  const provider = new docker.Provider("docker", providerAccess(dockerHost));
  const host: HostArgs = {
    images: platform.images,
    dataRoot: settings.dataRoot,
    namePrefix: settings.namePrefix,
    stackId: new random.RandomUuid("stack-id").result,
    stackName: `${pulumi.getStack()} of project ${pulumi.getProject()}`,
    healthIntervalSeconds: settings.healthIntervalSeconds,
    restartUnhealthySeconds: settings.restartUnhealthySeconds,
    dockerHost,
  };
  const opts = { providers: [provider] };

  const { desired } = platform;
  const networks = new SharedNetworks("networks", { host, desired }, opts);
  const variables = operatorVariables(settings.imageOverrides.gameServer, new pulumi.Config("nexus"));
  const ofKeeper = { host, desired: containerIn(desired, { region: NEXUS, role: DISK_ROLE }) };
  const keeper = diskMeans === "loop" ? diskKeeper("disk-keeper", ofKeeper, { provider }) : undefined;
  // What asks it for a disk must come later, and must not depend on it: it is a component that stays in the state of a
  // stack that is taken down, and with it all that it depends on.
  if (keeper) await known(keeper.urn);
  const all = {
    ...{ host, desired, environment, keys: rootKeys("nexus") },
    ...(keeper && { diskKeeper: keeper }),
  };
  new NexusStack(
    "nexus",
    { ...all, networks, budget: platform.nexus, gateway, variables: variables.nexus },
    opts,
  );
  const shared = { ...all, regionalNetwork: networks.regional.name, variables: variables.regions };
  for (const region of platform.regions) {
    new RegionStack(`region-${region.name}`, { ...shared, region }, opts);
  }
  return addressList(platform);
}
