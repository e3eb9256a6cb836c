import type { DesiredVolume } from "../../../catalog/desired";
import { OWNER_FILE } from "../../../components/dataRoot";
import { strangeVolume } from "../../../components/volumes";
import type { EngineVolume } from "../../docker/volumes";
import { listed, stackFlag } from "../../words";
import type { HostProblem } from "./checks";

/** What the check of the volumes depends on. */
export interface VolumeQuestion {
  stack: string;
  dataRoot: string;
  /** Volumes that the files declare; those without a folder hold nothing that cannot be written again. */
  desired: DesiredVolume[];
  /** Volumes that the Docker host has. */
  found: EngineVolume[];
  /** Does the state hold the stack's secrets? Not before the first `up`, and not when it was lost. */
  hasSecrets: boolean;
}

/**
 * Data volumes that are there already and lead to other data than this stack's. Docker keeps a volume as it was made,
 * and the provider takes one that has the right name for the one that it was asked for: nobody would notice. Pure.
 */
export function volumeProblems(question: VolumeQuestion): HostProblem[] {
  const there = thereAlready(question);
  if (!question.hasSecrets) return there.length === 0 ? [] : [lostState(question, there)];
  return movedVolumes(question);
}

/** Data volumes of the stack that lead to other folders than its settings say. Pure. */
export function movedVolumes(question: Omit<VolumeQuestion, "hasSecrets">): HostProblem[] {
  return elsewhere(
    question,
    thereAlready(question).filter(({ desired, is }) => is !== desired),
  );
}

function thereAlready(question: Pick<VolumeQuestion, "found" | "desired">): Found[] {
  const folders = new Map(question.found.map(({ name, folder }) => [name, folder]));
  return question.desired.flatMap(({ name, folder }) =>
    folder !== undefined && folders.has(name) ? [{ name, desired: folder, is: folders.get(name) }] : [],
  );
}

interface Found {
  name: string;
  /** The folder that the settings say. */
  desired: string;
  /** The folder that it is bound to; undefined for one that Docker keeps itself. */
  is?: string;
}

/** One problem for each data root that volumes are bound to, and one for each volume that is bound to something else. */
function elsewhere(
  { stack, dataRoot }: Pick<VolumeQuestion, "stack" | "dataRoot">,
  volumes: Found[],
): HostProblem[] {
  const byRoot = Map.groupBy(volumes, ({ desired, is }) => rootOf(is, desired.slice(dataRoot.length)));
  return [...byRoot].flatMap(([root, own]) => {
    if (root === undefined) return own.map(strange);
    const names = own.map(({ name }) => name);
    return [moved(stack, dataRoot, root, names)];
  });
}

/** `/old` for a folder `/old/aurora/db` that should be `/new/aurora/db`. */
function rootOf(folder: string | undefined, end: string): string | undefined {
  return folder?.endsWith(end) ? folder.slice(0, -end.length) || "/" : undefined;
}

function moved(stack: string, dataRoot: string, root: string, names: string[]): HostProblem {
  const flag = stackFlag(stack);
  return {
    setting: "nexus:dataRoot",
    message:
      `${dataRoot} was given; the data of this stack is in ${root}, and its Docker volumes stay bound to that while they exist. ` +
      `Set it back to ${root}, or move the data: npm run destroy${flag}; on the Docker host, umount the regions' disks ` +
      `(${root}/REGION) and mv ${root} ${dataRoot}; docker volume rm ${names.join(" ")}; npm run up${flag}`,
  };
}

function strange({ name, desired, is }: Found): HostProblem {
  return { message: strangeVolume(name, desired, is) };
}

function lostState({ stack, dataRoot }: VolumeQuestion, volumes: Found[]): HostProblem {
  const flag = stack === "dev" ? "" : ` --stack ${stack}`;
  const names = volumes.map(({ name }) => name);
  const folders = volumes.map(({ is }) => is ?? "Docker's own folder");
  return {
    message:
      `there is data under this stack's names (volumes ${listed(names, 3)}; ${listed(folders, 3)}), and its state has no secrets ` +
      "for it: it is another stack's or another checkout's, or the state was lost. With new secrets, what is encrypted " +
      "in it can never be read again. Bring the state back (.nexus of the checkout that made it, or its backend); or give " +
      "this stack a nexus:namePrefix and a nexus:dataRoot of its own; or remove the data for good with " +
      `npm run destroy --${flag} --data; or go on with new secrets: docker volume rm ${names.join(" ")}; npm run up${flag && ` --${flag}`}. ` +
      `For the last two, first remove ${dataRoot}/${OWNER_FILE} on the Docker host, which says whose the data is`,
  };
}
