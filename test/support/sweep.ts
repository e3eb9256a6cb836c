import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import type Docker from "dockerode";
import { gone } from "../../components/engine";
import { LOCAL_REPOSITORY } from "../../images/recipes";
import { removeNamespaces } from "./namespace";
import { killProcesses } from "./processes";
import { isAlive, knownRuns, NAME_START, RUN_VARIABLE } from "./run";

/** Which objects to remove: those of a run. */
export interface Remains {
  /** How the names of its containers, networks and volumes begin. */
  start: string;
  /** Its temporary folder; a container that mounts something below it is the run's, whatever its name. */
  root: string;
}

/**
 * Removes everything that a run, or a part of one, made: processes first, then containers, networks, volumes and images,
 * then network namespaces, then its folder. It repeats until nothing new appears, because the Engine completes what a killed process asked
 * for last.
 * @throws Error with what the Engine does not remove, when all else is
 */
export async function removeRemains(docker: Docker, { start, root }: Remains, marker: string): Promise<void> {
  killProcesses(marker);
  let left: TestObject[] = [];
  for (let unchanged = 0; unchanged < (left.length === 0 ? 2 : MOST_ROUNDS); ) {
    const found = await removeObjects(docker, { start, root });
    unchanged = found.length === left.length ? unchanged + 1 : 0;
    left = found;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  removeNamespaces((name) => name.startsWith(start));
  await removeFolder(docker, root);
  await requireNone(docker, left);
}

/** Rounds without a change, half a minute and more: by then the Engine has done all that it was asked for. */
const MOST_ROUNDS = 100;

/**
 * An Engine can count an endpoint in a network that no container has, until it is started anew (moby/moby#42119). Nobody
 * can remove that network, so it is only said.
 */
async function requireNone(docker: Docker, left: TestObject[]): Promise<void> {
  const failed: string[] = [];
  for (const { kind, name, id } of left) {
    if (kind === "network" && (await isEmpty(docker.getNetwork(id)))) {
      process.stderr.write(`The Engine does not let go of network ${name}, which no container is on.\n`);
    } else failed.push(`${kind} ${name}`);
  }
  if (failed.length > 0) throw new Error(`These could not be removed: ${failed.join(", ")}`);
}

async function isEmpty(network: Docker.Network): Promise<boolean> {
  const info = (await network.inspect().catch(gone)) as { Containers?: object } | undefined;
  return Object.keys(info?.Containers ?? {}).length === 0;
}

/** Objects and folders of earlier runs whose process is gone. Those of a run that is at work stay. */
export async function sweepDeadRuns(docker: Docker): Promise<void> {
  const runs = knownRuns();
  const living = new Set(runs.filter(({ owner }) => isAlive(owner)).map(({ owner }) => owner.id));
  for (const { root, owner } of runs) {
    if (!living.has(owner.id)) {
      await removeRemains(docker, { start: NAME_START + owner.id, root }, `${RUN_VARIABLE}=${owner.id}`);
    }
  }
  const isLeft = (name: string): boolean => {
    const id = new RegExp(`^${NAME_START}([0-9a-f]{4})`).exec(name)?.[1];
    return id !== undefined && !living.has(id);
  };
  removeNamespaces(isLeft);
  const names = (await testObjects(docker, { start: NAME_START, root: "\0" })).flatMap(
    (object) => object.name,
  );
  const dead = new Set(names.filter(isLeft).map((name) => name.slice(0, NAME_START.length + 4)));
  for (const start of dead) await removeObjects(docker, { start, root: "\0" });
}

interface TestObject {
  kind: "container" | "network" | "volume" | "image";
  name: string;
  id: string;
}

/** Containers, networks, volumes and images of a run, in the order in which they can be removed. */
export async function testObjects(docker: Docker, { start, root }: Remains): Promise<TestObject[]> {
  const [containers, networks, { Volumes }, images] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
    docker.listImages({ filters: { reference: [`${LOCAL_REPOSITORY}/${start}*`] } }),
  ]);
  const nameOf = (names: string[]): string => (names[0] ?? "").replace(/^\//, "");
  const isOurs = (name: string | undefined): boolean => name?.startsWith(start) ?? false;
  const inRoot = (path: string | undefined): boolean =>
    path === root || (path?.startsWith(`${root}/`) ?? false);
  const own = containers.filter(
    ({ Names, Mounts }) =>
      isOurs(nameOf(Names)) || Mounts.some(({ Name, Source }) => isOurs(Name) || inRoot(Source)),
  );
  return [
    ...own.map(({ Id, Names }) => ({ kind: "container" as const, name: nameOf(Names), id: Id })),
    ...networks
      .filter(({ Name }) => isOurs(Name))
      .map(({ Id, Name }) => ({ kind: "network" as const, name: Name, id: Id })),
    ...(Volumes ?? [])
      .filter(({ Name }) => isOurs(Name))
      .map(({ Name }) => ({ kind: "volume" as const, name: Name, id: Name })),
    ...images
      .flatMap(({ RepoTags }) => RepoTags ?? [])
      .filter((tag) => isOurs(tag.slice(LOCAL_REPOSITORY.length + 1)))
      .map((tag) => ({ kind: "image" as const, name: tag.slice(LOCAL_REPOSITORY.length + 1), id: tag })),
  ];
}

/** Removes the objects that are there now, and returns which there were. */
export async function removeObjects(docker: Docker, remains: Remains): Promise<TestObject[]> {
  const objects = await testObjects(docker, remains);
  const remove = {
    container: (id: string) => docker.getContainer(id).remove({ force: true, v: true }),
    network: (id: string) => docker.getNetwork(id).remove(),
    volume: (id: string) => docker.getVolume(id).remove(),
    image: (id: string) => docker.getImage(id).remove(),
  };
  for (const kind of ["container", "network", "volume", "image"] as const) {
    const some = objects.filter((object) => object.kind === kind);
    // One that is busy or gone is looked at again in the next round.
    await Promise.all(some.map(({ id }) => remove[kind](id).catch(() => undefined)));
  }
  return objects;
}

/**
 * Data folders belong to the containers' users, and regions' disks are mounted over them: where we may not remove
 * them, a container of the host's root does.
 */
async function removeFolder(docker: Docker, folder: string): Promise<void> {
  await unmountBelow(docker, folder);
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    await asRoot(docker, folder, ["rm", "-rf", `/host/${basename(folder)}`]);
  }
  if (existsSync(folder)) throw new Error(`${folder} could not be removed`);
}

/** Mount points below a folder, inner ones first. Linux only: elsewhere there are none to be found. */
export function mountsBelow(folder: string): string[] {
  if (!existsSync("/proc/self/mounts")) return [];
  const points = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? []);
  return points.filter((point) => point.startsWith(`${folder}/`)).reverse();
}

/** Unmounts what is mounted below a folder. A disk's loop device goes with its mount. */
export async function unmountBelow(docker: Docker, folder: string): Promise<void> {
  const points = mountsBelow(folder).map((point) => `/host${point.slice(dirname(folder).length)}`);
  if (points.length > 0) await asRoot(docker, folder, ["umount", "-l", ...points]);
}

/** Runs a command as root of the host, with the folder's parent at `/host`; mounts on either side are shared. */
async function asRoot(docker: Docker, folder: string, command: string[]): Promise<void> {
  const images = await docker.listImages({ filters: { reference: ["nexus-local/postgres"] } });
  const container = await docker.createContainer({
    Image: images[0]?.Id,
    Entrypoint: command,
    User: "0:0",
    HostConfig: {
      Binds: [`${dirname(folder)}:/host:rshared`],
      NetworkMode: "none",
      CapAdd: ["SYS_ADMIN"],
      SecurityOpt: ["apparmor=unconfined"],
    },
  });
  await container.start();
  await container.wait();
  await container.remove({ force: true });
}
