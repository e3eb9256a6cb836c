import type Docker from "dockerode";
import { NEXUS } from "../../catalog/names";
import { engine } from "../../components/engine";
import { execIn as runIn } from "../../components/exec";
import { Asker } from "../../components/ready/look";
import type { Project } from "./project";

/** A container of a stack. */
export interface Container {
  /** Without the stack's prefix. */
  name: string;
  id: string;
  startedAt: string;
  /** Region's name, or that of the Nexus. */
  region: string;
  role: string;
  info: Docker.ContainerInspectInfo;
}

export const docker: Docker = engine();
export { NEXUS };

/** The containers of a project, by name without prefix. @param from the Engine that runs them */
export async function containersOf(
  { prefix }: Pick<Project, "prefix">,
  from = docker,
): Promise<Map<string, Container>> {
  const list = await from.listContainers({ all: true });
  const own = list.filter(({ Names }) => Names[0]?.startsWith(`/${prefix}`));
  const infos = await Promise.all(own.map(({ Id }) => from.getContainer(Id).inspect()));
  const containers = infos.map((info) => ({
    name: info.Name.slice(prefix.length + 1),
    id: info.Id,
    startedAt: info.State.StartedAt,
    region: info.Config.Labels["io.sectorwars.region"] ?? "",
    role: info.Config.Labels["io.sectorwars.role"] ?? "",
    info,
  }));
  return new Map(containers.sort((a, b) => (a.name < b.name ? -1 : 1)).map((one) => [one.name, one]));
}

/** One container of a project. @throws Error when there is none */
export async function containerOf(project: Pick<Project, "prefix">, name: string): Promise<Container> {
  const found = (await containersOf(project)).get(name);
  if (!found) throw new Error(`There is no container ${project.prefix}${name}`);
  return found;
}

/** Asked now, as Docker's own word is up to an interval old. */
export async function areReady(ids: string[], from = docker): Promise<boolean> {
  const looks = await Promise.all(ids.map((id) => new Asker(from, id).look()));
  return looks.every(({ isReady }) => isReady);
}

/** What changes when a container is touched: another id when it was replaced, another start when restarted. */
export function identities(containers: Map<string, Container>): Record<string, string> {
  return Object.fromEntries([...containers].map(([name, { id, startedAt }]) => [name, `${id} ${startedAt}`]));
}

/** Names, without prefix, of everything that an Engine holds of a project. */
export async function objectsOf(
  { prefix }: Pick<Project, "prefix">,
  from = docker,
): Promise<{
  containers: string[];
  networks: string[];
  volumes: string[];
}> {
  const [containers, networks, { Volumes }] = await Promise.all([
    from.listContainers({ all: true }),
    from.listNetworks(),
    from.listVolumes(),
  ]);
  const own = (names: string[]): string[] =>
    names
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  return {
    containers: own(containers.map(({ Names }) => (Names[0] ?? "").slice(1))),
    networks: own(networks.map(({ Name }) => Name)),
    volumes: own((Volumes ?? []).map(({ Name }) => Name)),
  };
}

/** What Docker should hold of a stack with these regions, and nothing else. */
export function expectedObjects(regions: string[]): Awaited<ReturnType<typeof objectsOf>> {
  const of = (parts: string[]) => regions.flatMap((region) => parts.map((part) => `region-${region}${part}`));
  return {
    containers: [
      ...[
        "admin-ui",
        "blackbox-exporter",
        "central-nexus-db",
        "central-nexus-server",
        "disk-keeper",
        "nginx-gateway",
        "player-client",
        "redis-nexus",
      ],
      ...of(["-cache", "-db", "-server", "-storage", "-worker"]),
    ].sort(),
    networks: ["nexus", "regional", ...of([""])].sort(),
    volumes: [
      ...["blackbox-exporter-config", "central-nexus-db-config", "central-nexus-db-data"],
      "nginx-gateway-config",
      ...["redis-nexus-config", "redis-nexus-data"],
      ...of(["cache", "db", "storage"].flatMap((role) => [`-${role}-config`, `-${role}-data`])),
    ].sort(),
  };
}

/** Runs a program in a container. @throws Error when it does not end with 0 */
export function execIn(id: string, command: string[], user?: string): Promise<string> {
  return runIn(docker, id, command, user);
}
