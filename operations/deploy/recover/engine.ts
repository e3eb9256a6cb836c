import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { ROLE_LABEL, STACK_LABEL } from "../../../catalog/names";
import { gone } from "../../../components/engine";
import type { Reporter } from "../../reporter";
import type { EngineObjects, OwnObject } from "./plan";

/** Reads from the Engine what recovery compares with the state. */
export async function engineObjects(docker: Docker, stackId: string | undefined): Promise<EngineObjects> {
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  const isOwn = (labels?: Record<string, string>): boolean =>
    stackId !== undefined && labels?.[STACK_LABEL] === stackId;
  const own: OwnObject[] = [
    ...containers
      .filter(({ Labels }) => isOwn(Labels))
      .map(({ Id, Names, State, Status, Labels }) => ({
        kind: "container" as const,
        id: Id,
        name: (Names[0] ?? Id).replace(/^\//, ""),
        state: State,
        role: Labels[ROLE_LABEL],
        // The list has it only in words: "Up 2 minutes (healthy)", "(health: starting)".
        health: /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(Status)?.[1],
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
  return { own, existing };
}

const SETTLE_MS = 1000;

/**
 * What `read` returns when no container that matters is still about to become healthy, or takes too long for it.
 * @param undecided for how many seconds it is worth to wait
 */
export async function decidedObjects(
  read: () => Promise<EngineObjects>,
  undecided: (objects: EngineObjects) => number,
  say: Reporter["say"],
): Promise<EngineObjects> {
  const begun = Date.now();
  let objects = await read();
  const first = undecided(objects);
  if (first > 0)
    say(`Containers of an unfinished run are still starting; waiting up to ${first} s for them.`);
  while (Date.now() - begun < undecided(objects) * 1000) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    objects = await read();
  }
  return objects;
}

/**
 * The same, read again until two readings agree: the Engine completes what a killed run asked for last even though
 * nobody waits for the answer.
 */
export async function settledObjects(docker: Docker, stackId: string | undefined): Promise<EngineObjects> {
  for (let before = await engineObjects(docker, stackId); ; ) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const now = await engineObjects(docker, stackId);
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
