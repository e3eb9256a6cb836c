import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { ROLE_LABEL, STACK_LABEL } from "../../../catalog/names";
import { gone } from "../../../components/engine";
import { Asker, judgeStart, type Verdict } from "../../../components/ready/look";
import { CHEAP, patience } from "../../../regions/patience";
import { type Deployment, type StateResource, stackIdOf } from "../pulumi/deployment";
import { type EngineObjects, type OwnObject, unproven } from "./plan";

const SETTLE_MS = 1000;

/** Reads from the Engine what recovery compares with the state. Containers that are not proven ready are asked. */
export async function engineObjects(docker: Docker, deployment: Deployment): Promise<EngineObjects> {
  const stackId = stackIdOf(deployment);
  const [containers, networks, volumes, starts] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
    Promise.all(unproven(deployment).map((one) => startOf(docker, one))),
  ]);
  const isOwn = (labels?: Record<string, string>): boolean =>
    stackId !== undefined && labels?.[STACK_LABEL] === stackId;
  const own: OwnObject[] = [
    ...containers
      .filter(({ Labels }) => isOwn(Labels))
      .map(({ Id, Names, State, Labels }) => ({
        kind: "container" as const,
        id: Id,
        name: (Names[0] ?? Id).replace(/^\//, ""),
        state: State,
        role: Labels[ROLE_LABEL],
      })),
    ...networks
      .filter(({ Labels }) => isOwn(Labels))
      .map(({ Id, Name }) => ({ kind: "network" as const, id: Id, name: Name })),
  ];
  const existing = new Set([
    ...containers.map(({ Id }) => Id),
    ...networks.map(({ Id }) => Id),
    ...(volumes.Volumes ?? []).map(({ Name }) => Name),
  ]);
  return { own, existing, starts: new Map(starts.flat()) };
}

async function startOf(docker: Docker, { id = "", inputs }: StateResource): Promise<[string, Verdict][]> {
  const look = await new Asker(docker, id).look();
  const { waitTimeout } = inputs ?? {};
  const patienceSeconds = typeof waitTimeout === "number" ? waitTimeout : patience(CHEAP, 1000);
  return look.state === "gone" ? [] : [[id, judgeStart(look, patienceSeconds)]];
}

/**
 * The same, read again until two readings agree: the Engine completes what a killed run asked for last even though
 * nobody waits for the answer.
 */
export async function settledObjects(docker: Docker, deployment: Deployment): Promise<EngineObjects> {
  for (let before = await engineObjects(docker, deployment); ; ) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const now = await engineObjects(docker, deployment);
    if (isDeepStrictEqual(now.own, before.own)) return now;
    before = now;
  }
}

/** Removes containers, then the networks they were on. One that is gone already is no error. */
export async function removeObjects(docker: Docker, objects: OwnObject[]): Promise<void> {
  for (const kind of ["container", "network"] as const) {
    for (const { id } of objects.filter((object) => object.kind === kind)) {
      const removal =
        kind === "container"
          ? docker.getContainer(id).remove({ force: true, v: true })
          : docker.getNetwork(id).remove();
      await removal.catch(gone);
    }
  }
}
