import type Docker from "dockerode";
import { NEXUS, REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../../../catalog/names";
import { NEXUS_SERVICES } from "../../../catalog/nexus";
import { containerOf, NEXUS_ROLES } from "../../../catalog/services";
import { gone } from "../../../components/engine";
import type { OtherStack } from "../../../regions/capacity";
import { answered } from "../../docker/client";
import { badInput } from "../../failure";
import type { ReadLimits } from "../../verify/cgroup";
import { configuredLimits, nameOf } from "../../verify/inspected";

/** The Engine answers about a container only when nothing else holds that one, as a stop or a start that hangs does. */
const INSPECT_MS = 60_000;

/** A container of some stack of ours, whichever made it. */
export interface StackContainer {
  stack: string;
  name: string;
  region?: string;
  role?: string;
  limits: Pick<ReadLimits, "cpuMillis" | "memoryBytes">;
}

/**
 * What the other stacks on the host were promised, by the limits of their containers. One that was taken down has none:
 * it asks again when it comes back.
 * @param stackId identity of this stack; where nobody knows it, the containers with this stack's names tell
 */
export async function otherStacks(
  docker: Docker,
  namePrefix: string,
  stackId: string | undefined,
): Promise<OtherStack[]> {
  const list = await docker.listContainers({ all: true, filters: { label: [STACK_LABEL] } });
  const ownNames = new Set(NEXUS_ROLES.map((role) => namePrefix + NEXUS_SERVICES[role].container));
  const own = new Set([
    stackId,
    ...list.filter(({ Names }) => ownNames.has(nameOf(Names))).map(({ Labels }) => Labels[STACK_LABEL]),
  ]);
  const others = list.filter(({ Labels }) => !own.has(Labels[STACK_LABEL]));
  const containers = await Promise.all(
    others.map(async ({ Id, Names, Labels }): Promise<StackContainer[]> => {
      const inspected = docker.getContainer(Id).inspect().catch(gone);
      const info = await answered(inspected, INSPECT_MS).catch((error: Error) => {
        throw badInput(
          `Docker does not tell what the container ${nameOf(Names)} of another stack was promised (${error.message}); ` +
            `nothing was changed. \`docker inspect ${nameOf(Names)}\` shows whether it still hangs.`,
        );
      });
      if (!info) return [];
      return [
        {
          stack: Labels[STACK_LABEL] ?? "",
          name: nameOf(Names),
          region: Labels[REGION_LABEL],
          role: Labels[ROLE_LABEL],
          limits: configuredLimits(info.HostConfig),
        },
      ];
    }),
  );
  return promises(containers.flat());
}

/** The containers' limits added up by stack, the largest first. Pure. */
export function promises(containers: StackContainer[]): OtherStack[] {
  const byStack = Map.groupBy(containers, ({ stack }) => stack);
  const sum = (list: StackContainer[], key: keyof StackContainer["limits"]): number =>
    list.reduce((total, { limits }) => total + (limits[key] ?? 0), 0);
  return [...byStack]
    .map(([stack, list]) => ({
      name: describe(stack, list),
      cpuMillis: Math.round(sum(list, "cpuMillis")),
      memoryBytes: sum(list, "memoryBytes"),
    }))
    .filter(({ cpuMillis, memoryBytes }) => cpuMillis > 0 || memoryBytes > 0)
    .sort((a, b) => b.memoryBytes - a.memoryBytes || (a.name < b.name ? -1 : 1));
}

/** A stack's identity tells a person nothing; what its containers are called does. */
function describe(stack: string, containers: StackContainer[]): string {
  for (const { name, region, role } of containers) {
    const end = region === NEXUS ? containerOf({ region, role: role ?? "" }) : undefined;
    if (end === undefined || !name.endsWith(end)) continue;
    const prefix = name.slice(0, -end.length);
    return prefix === ""
      ? "the stack without a nexus:namePrefix"
      : `the stack with nexus:namePrefix ${prefix}`;
  }
  return `the stack ${stack}`;
}
