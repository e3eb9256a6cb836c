import { readFileSync } from "node:fs";
import type { RegionRole } from "../catalog/region";
import { REGION_ROLES } from "../catalog/services";
import { prepareFolder } from "../components/dataFolder";
import { OWNER_FILE } from "../components/dataRoot";
import { resolveImages } from "../images/table";
import { regionAddresses } from "../regions/addresses";
import { containersOf, docker } from "../test/support/containers";
import type { Project } from "../test/support/project";
import { REPOSITORY } from "../test/support/toolchain";
import { type Described, type DescribedNetwork, described } from "./described";

/** The five containers of a region, started by others with the settings of a region that is there. */
export interface Twin {
  project: Project;
  /** The region whose containers are copied; its configuration files are used as they are. */
  model: string;
  name: string;
  slot: number;
  /** Seconds between two of Docker's health tests; those who wait for Docker's health wait for the first one. */
  healthIntervalSeconds: number;
}

export interface TwinParts {
  network: DescribedNetwork;
  containers: Described[];
}

/** Somebody else who starts a region. */
export interface Peer {
  name: string;
  /** What a person does once, before; it is not measured. */
  prepare(twin: Twin): Promise<void>;
  start(twin: Twin): Promise<void>;
  remove(twin: Twin): Promise<void>;
}

/** Services that others wait for, and those which wait, by role. */
export interface Order {
  awaited: readonly string[];
  waiting: readonly string[];
}

export const ORDER: Order = { awaited: ["db", "cache"], waiting: ["server", "worker"] };

const USERS: Partial<Record<RegionRole, string>> = { db: "70:70", cache: "999:1000", storage: "101:101" };

/** What the twin consists of, in the order of `REGION_ROLES`. */
export async function twinParts(twin: Twin): Promise<TwinParts> {
  const { project, model, name, slot } = twin;
  const { subnet, gateway } = regionAddresses(slot, project.settings["nexus:networks"]);
  const models = await containersOf(project);
  const containers = REGION_ROLES.map((role) => {
    const found = models.get(`region-${model}-${role}`);
    if (!found) throw new Error(`There is no container region-${model}-${role} to copy`);
    return copied(described(found), role, twin);
  });
  return {
    network: { name: `${project.prefix}region-${name}`, subnet, gateway, internal: true },
    containers,
  };
}

function copied(original: Described, role: RegionRole, twin: Twin): Described {
  const { project, model, name, slot, healthIntervalSeconds } = twin;
  // But the database and its role, which have an underscore: they are in the model's configuration files.
  const renamed = (text: string): string => text.replaceAll(new RegExp(`(?<!_)${model}`, "g"), name);
  const { hosts, regional } = regionAddresses(slot, project.settings["nexus:networks"]);
  const { config, host, endpoints } = original;
  const interval = { Interval: healthIntervalSeconds * 1e9 };
  return {
    ...{ region: name, role, name: renamed(original.name) },
    config: {
      ...config,
      ...{ Hostname: "", Env: config.Env.map(renamed) },
      Healthcheck: { ...config.Healthcheck, ...interval } as typeof config.Healthcheck,
    },
    host: { ...host, Binds: (host.Binds ?? []).map((bind) => ownData(bind, role, twin)) },
    endpoints: endpoints.map(({ network, aliases }) => ({
      network: renamed(network),
      aliases: aliases.map(renamed),
      address: network === `${project.prefix}regional` ? regional : hosts[role],
    })),
  };
}

/** Data is its own, in the folder that `prepareTwin` makes. */
function ownData(bind: string, role: RegionRole, { project, name }: Twin): string {
  return bind.includes("-data:") ? `${project.dataRoot}/${name}/${role}:${bind.split(":")[1]}` : bind;
}

/** Makes the folders for its data and gives them to their users. */
export async function prepareTwin({ project, name }: Twin): Promise<void> {
  const host = {
    ...{ images: resolveImages("local", {}, REPOSITORY), dataRoot: project.dataRoot },
    ...owner(project),
  };
  await Promise.all(
    Object.entries(USERS).map(([role, user]) =>
      prepareFolder(docker, {
        ...{ host, owner: { region: name, role }, folder: `${project.dataRoot}/${name}/${role}` },
        ...{ user, tenant: "benchmark", hasDisk: false },
      }),
    ),
  );
}

/** The region is measured beside a stack's own, in that stack's data root. */
function owner({ dataRoot }: Project): { stackId: string; stackName: string } {
  const [stackId = "", stackName = ""] = readFileSync(`${dataRoot}/${OWNER_FILE}`, "utf8").split("\n");
  return { stackId, stackName };
}
