import { readFileSync } from "node:fs";
import type Docker from "dockerode";
import type { Desired } from "../../catalog/desired";
import { STACK_LABEL } from "../../catalog/names";
import type { RootFacts } from "../../components/dataRoot";
import { gone } from "../../components/engine";
import { Asker } from "../../components/ready/look";
import { engineVolumes } from "../docker/volumes";
import { cgroupOf, type ReadLimits, readCgroup } from "./cgroup";
import { mountDevices, type RegionDisk } from "./disk";
import { configuredLimits, containerFrom, kernelHardening, nameOf } from "./inspected";
import type { Member, Observed, ObservedContainer, ObservedNetwork } from "./observed";

/** Requests to the Engine at a time: enough to keep it busy, few enough to leave it to others. */
const CONCURRENCY = 12;

export interface Question {
  /** Only the names are used: what is found is compared later. */
  desired: Desired;
  /** Is the Engine's kernel this machine's, so that its files can be read? */
  local: boolean;
  disks: () => Promise<ReadonlyMap<string, RegionDisk>>;
  root: () => Promise<RootFacts | undefined>;
}

/** Looks at everything that a stack has on a Docker host. Changes nothing. */
export async function observe(docker: Docker, { desired, local, disks, root }: Question): Promise<Observed> {
  const [list, networkList, volumes, diskStatus, rootFacts] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    engineVolumes(docker),
    disks(),
    root(),
  ]);
  const names = new Set(desired.containers.map(({ name }) => name));
  const declared = list.filter(({ Names }) => names.has(nameOf(Names)));
  const stackId = mostFrequent(declared.map(({ Labels }) => Labels[STACK_LABEL]));
  const isOwn = (labels: Record<string, string> | undefined): boolean =>
    stackId !== undefined && labels?.[STACK_LABEL] === stackId;

  const own = list.filter((one) => names.has(nameOf(one.Names)) || isOwn(one.Labels));
  const networkNames = new Set(desired.networks.map(({ name }) => name));
  const networks = networkList.filter(({ Name, Labels }) => networkNames.has(Name) || isOwn(Labels));
  const ownNetworks = new Set(networks.map(({ Name }) => Name));
  return {
    stackId,
    containers: await inAll(own, ({ Id }) => look(docker, Id, local)),
    members: list.flatMap((one) => membersOf(one, ownNetworks)),
    networks: networks.map(networkFrom),
    volumes,
    disks: diskStatus,
    root: rootFacts,
  };
}

async function look(docker: Docker, id: string, local: boolean): Promise<ObservedContainer[]> {
  const container = docker.getContainer(id);
  const info = await container.inspect().catch(gone);
  // Removed since the list was read.
  if (!info) return [];
  const pid = info.State.Running ? info.State.Pid : 0;
  const kernel = local && pid > 0 ? kernelOf(id, pid) : undefined;
  const observed = {
    ...containerFrom(info, kernel?.hardening, kernel?.devices),
    health: await healthNow(docker, info),
  };
  if (kernel) {
    return [{ ...observed, enforced: { source: "kernel", limits: kernel.limits }, kills: kernel.kills }];
  }
  if (pid === 0) return [observed];
  const limits = await engineLimits(container, configuredLimits(info.HostConfig));
  return [{ ...observed, enforced: { source: "engine", limits } }];
}

/** Docker's word is up to an interval old, and in the first one it says nothing: then the container itself is asked. */
async function healthNow(
  docker: Docker,
  { Id, State }: Docker.ContainerInspectInfo,
): Promise<string | undefined> {
  const said = State.Health?.Status;
  if (State.Status !== "running" || said === undefined || said === "healthy") return said;
  return (await new Asker(docker, Id).look()).isReady ? "healthy" : said;
}

/** The kernel's own files; undefined when they are not this container's, or not to be read. */
function kernelOf(id: string, pid: number) {
  const group = cgroupOf(readText(`/proc/${pid}/cgroup`) ?? "", id);
  const found = group && readCgroup(group, readText);
  return (
    found && {
      ...found,
      hardening: kernelHardening(readText(`/proc/${pid}/status`) ?? ""),
      devices: mountDevices(readText(`/proc/${pid}/mountinfo`) ?? ""),
    }
  );
}

/**
 * Of a kernel that is not here, the Engine tells the limits of memory and processes with a container's statistics;
 * for CPU and swap only what it was asked to set is known.
 */
async function engineLimits(container: Docker.Container, configured: ReadLimits): Promise<ReadLimits> {
  const stats = await container.stats({ stream: false, "one-shot": true }).catch(gone);
  const memory = stats?.memory_stats as { limit?: number } | undefined;
  const pids = stats?.pids_stats as { limit?: number } | undefined;
  return {
    ...configured,
    ...(memory?.limit !== undefined && { memoryBytes: memory.limit }),
    // The largest number stands for no limit.
    ...(pids?.limit !== undefined && { pids: pids.limit > 2 ** 62 ? null : pids.limit }),
  };
}

function membersOf({ Names, NetworkSettings }: Docker.ContainerInfo, ours: ReadonlySet<string>): Member[] {
  return Object.entries(NetworkSettings?.Networks ?? {})
    .filter(([network]) => ours.has(network))
    .map(([network, { IPAddress }]) => ({
      network,
      container: nameOf(Names),
      ...(IPAddress && { address: IPAddress }),
    }));
}

function networkFrom({ Id, Name, Labels, IPAM, Internal }: Docker.NetworkInspectInfo): ObservedNetwork {
  const [range] = IPAM?.Config ?? [];
  return {
    id: Id,
    name: Name,
    stack: Labels?.[STACK_LABEL],
    subnet: range?.Subnet,
    gateway: range?.Gateway,
    internal: Internal,
  };
}

function mostFrequent(values: (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Runs `work` for all items, a few at a time, and keeps their order. */
async function inAll<T, R>(items: T[], work: (item: T) => Promise<R[]>): Promise<R[]> {
  const results: R[][] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results.flat();
}
