import { existsSync, readFileSync } from "node:fs";
import type Docker from "dockerode";
import type { Desired, Port } from "../../../catalog/desired";
import { refsOf } from "../../../images/table";
import type { Platform } from "../../../platform";
import { engineAddress, isLocalEngine } from "../../docker/client";
import { foldersOf, readRoot } from "../../docker/dataRoot";
import { engineVolumes } from "../../docker/volumes";
import { checkHost, type HostProblem } from "./checks";
import { rootProblems } from "./dataRoot";
import { diskProblems } from "./disk";
import { dockerFacts, type HostFacts, parseRoutes } from "./facts";
import { memoryProblems } from "./memory";
import { findBusyPorts } from "./ports";
import { versionProblems } from "./versions";
import { volumeProblems } from "./volumes";

/** Name and address of the routing table of Linux. */
const ROUTES = "/proc/net/route";

export interface PreflightHow {
  docker: Docker;
  /** Identity of the stack; undefined before its first `up`. */
  stackId: string | undefined;
  /** Before an `up`: settings of a database's next start may be written, and nothing else. */
  mayWrite: boolean;
}

/**
 * What on the Docker host would stop the stack from coming up; empty when nothing would.
 * @throws ConfigError when the choice of images is incomplete
 */
export async function preflight(
  platform: Platform,
  { docker, stackId, mayWrite }: PreflightHow,
): Promise<HostProblem[]> {
  const { settings, stack, images, desired } = platform;
  const { bridges, ...found } = await dockerFacts(docker);
  const local = isLocalEngine(engineAddress(settings.dockerHost));
  const facts: HostFacts = {
    ...found,
    routes: local && existsSync(ROUTES) ? parseRoutes(readFileSync(ROUTES, "utf8"), bridges) : [],
    busyPorts: local ? await findBusyPorts(unpublished(desired, found)) : [],
  };
  const { dataRoot, namePrefix } = settings;
  const volumes = await engineVolumes(docker);
  const root = await readRoot(docker, platform, foldersOf(desired));
  const wrongVolumes = volumeProblems({
    ...{ stack, dataRoot, desired: desired.volumes, found: volumes },
    hasSecrets: stackId !== undefined,
  });
  // Without a state, nothing says whether what is there is another's or was this stack's.
  const isLost = stackId === undefined && wrongVolumes.length > 0;
  const problems = [
    ...checkHost({ ...desired, images: refsOf(images), namePrefix }, facts, stackId),
    ...wrongVolumes,
    ...(isLost ? [] : rootProblems({ dataRoot, namePrefix, stackId, owner: root?.owner, volumes })),
    ...(root ? await versionProblems(docker, desired, root, found) : []),
    ...(await diskProblems(platform, { docker, image: images.disk, root })),
  ];
  if (stackId === undefined) return problems;
  // Last: what is refused for another reason writes nothing.
  const check = { docker, stackId, images, mayWrite: mayWrite && problems.length === 0 };
  return [...problems, ...(await memoryProblems(platform, check))];
}

/** Ports that no container publishes: those that one does are judged by whose container it is. */
function unpublished(desired: Desired, { containers }: Pick<HostFacts, "containers">): Port[] {
  const published = new Set(containers.flatMap(({ ports }) => ports.map(({ port }) => port)));
  return desired.containers.flatMap(({ ports }) => ports.filter(({ external }) => !published.has(external)));
}
