import { readFileSync } from "node:fs";
import type Docker from "dockerode";
import type { RegionRole } from "../catalog/region";
import { REGION_ROLES } from "../catalog/services";
import { prepareFolder } from "../components/dataFolder";
import { OWNER_FILE } from "../components/dataRoot";
import { gone } from "../components/engine";
import { resolveImages } from "../images/table";
import { regionAddresses } from "../regions/addresses";
import { containerOf, docker } from "../test/support/containers";
import type { Project } from "../test/support/project";
import { REPOSITORY } from "../test/support/toolchain";
import { eventually } from "../test/support/wait";

/** The five containers of a region, started through the Engine API with the settings of a region that is there. */
export interface Twin {
  project: Project;
  /** The region whose containers are copied; its configuration files are used as they are. */
  model: string;
  name: string;
  slot: number;
}

const USERS: Partial<Record<RegionRole, string>> = { db: "70:70", cache: "999:1000", storage: "101:101" };

/** What a careful person would do by hand: network, folders, data services, and the rest once those are healthy. */
export async function startTwin(twin: Twin): Promise<void> {
  const { project, name, slot } = twin;
  const { subnet, gateway } = regionAddresses(slot, project.settings["nexus:networks"]);
  await docker.createNetwork({
    Name: networkName(twin),
    Internal: true,
    IPAM: { Config: [{ Subnet: subnet, Gateway: gateway }] },
  });
  await Promise.all(
    Object.entries(USERS).map(([role, user]) =>
      prepareFolder(docker, {
        host: {
          images: resolveImages("local", {}, REPOSITORY),
          dataRoot: project.dataRoot,
          ...owner(project),
        },
        owner: { region: name, role },
        folder: `${project.dataRoot}/${name}/${role}`,
        user,
        tenant: "benchmark",
        hasDisk: false,
      }),
    ),
  );
  await Promise.all((["db", "cache", "storage"] as const).map((role) => startContainer(twin, role)));
  await Promise.all((["db", "cache"] as const).map((role) => healthy(twin, role)));
  await Promise.all((["server", "worker"] as const).map((role) => startContainer(twin, role)));
}

/** The region is measured beside a stack's own, in that stack's data root. */
function owner({ dataRoot }: Twin["project"]): { stackId: string; stackName: string } {
  const [stackId = "", stackName = ""] = readFileSync(`${dataRoot}/${OWNER_FILE}`, "utf8").split("\n");
  return { stackId, stackName };
}

export async function removeTwin(twin: Twin): Promise<void> {
  for (const role of REGION_ROLES) {
    await docker.getContainer(containerName(twin, role)).remove({ force: true }).catch(gone);
  }
  await docker.getNetwork(networkName(twin)).remove().catch(gone);
}

async function startContainer(twin: Twin, role: RegionRole): Promise<void> {
  const { project, model, name, slot } = twin;
  const { info } = await containerOf(project, `region-${model}-${role}`);
  const renamed = (text: string): string => text.replaceAll(model, name);
  const { hosts, regional } = regionAddresses(slot, project.settings["nexus:networks"]);
  const binds = (info.HostConfig.Binds ?? []).map((bind) =>
    bind.includes("-data:") ? `${project.dataRoot}/${name}/${role}:${bind.split(":")[1]}` : bind,
  );
  const container = await docker.createContainer({
    name: containerName(twin, role),
    ...(info.Config as Docker.ContainerCreateOptions),
    Hostname: undefined,
    Env: info.Config.Env.map(renamed),
    HostConfig: { ...info.HostConfig, Binds: binds, NetworkMode: networkName(twin) },
    NetworkingConfig: {
      EndpointsConfig: { [networkName(twin)]: endpoint(`region-${name}-${role}`, hosts[role]) },
    },
  });
  if (role === "server") {
    await docker.getNetwork(`${project.prefix}regional`).connect({
      Container: container.id,
      EndpointConfig: endpoint(`region-${name}-${role}`, regional),
    });
  }
  await container.start();
}

function endpoint(alias: string, address: string): Docker.EndpointSettings {
  return { Aliases: [alias], IPAMConfig: { IPv4Address: address } } as Docker.EndpointSettings;
}

async function healthy(twin: Twin, role: RegionRole): Promise<void> {
  await eventually(
    `${role} is healthy`,
    async () => {
      const { State } = await docker.getContainer(containerName(twin, role)).inspect();
      return State.Health?.Status === "healthy" ? true : undefined;
    },
    { pauseMs: 50 },
  );
}

function containerName({ project, name }: Twin, role: RegionRole): string {
  return `${project.prefix}region-${name}-${role}`;
}

function networkName({ project, name }: Twin): string {
  return `${project.prefix}region-${name}`;
}
