import type Docker from "dockerode";
import { NEXUS } from "../../catalog/names";
import type { Platform } from "../../platform";
import { renderHostProblems } from "../deploy/preflight/checks";
import { rootProblems } from "../deploy/preflight/dataRoot";
import { movedVolumes } from "../deploy/preflight/volumes";
import { badInput } from "../failure";
import { readRoot } from "./dataRoot";
import { presentImage } from "./presentImage";
import { removeFolders, removeLocalImages, removeVolumes } from "./removeData";
import { engineVolumes, volumesBelow } from "./volumes";

/** What a stack keeps on its host. */
export interface OwnData {
  /** Entries of its data root: one a region, also of those that no file names any more, and the Nexus'. */
  entries: string[];
  /** An image to remove them with. */
  cleaner: string;
}

/**
 * Looks at what is a stack's own. A data root belongs to one stack, so all in it that a stack makes does.
 * @param stackId the stack's identity; undefined without a state
 * @throws Failure (bad input) when the data is another stack's, or there is nothing to look with
 */
export async function findOwnData(
  platform: Platform,
  docker: Docker,
  stackId: string | undefined,
): Promise<OwnData> {
  const { settings, stack, regions, desired } = platform;
  const { dataRoot, namePrefix } = settings;
  const cleaner = await findCleaner(platform, docker);
  const root = await readRoot(docker, platform, []);
  const volumes = await engineVolumes(docker);
  const problems = [
    ...rootProblems({ dataRoot, namePrefix, stackId, owner: root?.owner, volumes }),
    ...movedVolumes({ stack, dataRoot, desired: desired.volumes, found: volumes }),
  ];
  if (problems.length > 0)
    throw badInput(`Nothing was removed.\n${renderHostProblems(problems, `Pulumi.${stack}.yaml`)}`);
  const declared = regions.map(({ name }) => name);
  return { cleaner, entries: [...new Set([NEXUS, ...declared, ...(root?.regions ?? [])])].sort() };
}

/**
 * An image to remove the data with, asked for before anything is removed.
 * @throws Failure (bad input) when the Docker host has none.
 */
async function findCleaner(platform: Platform, docker: Docker): Promise<string> {
  const present = await presentImage(docker, platform);
  if (present) return present;
  const { settings, images } = platform;
  const { dataRoot } = settings;
  const make = settings.images === "local" ? "npm run images:build" : `docker pull ${images.postgres.ref}`;
  throw badInput(
    `The Docker host has no image of this stack's to remove the data in ${dataRoot} with. Nothing was changed. Get one with: ${make}`,
  );
}

/**
 * Removes what `pulumi destroy` leaves: retained volumes, data folders, local images.
 * @returns what is left there because others need it
 */
export async function removeOwnData(
  { settings }: Platform,
  docker: Docker,
  { cleaner, entries }: OwnData,
): Promise<{ folders: string[]; images: string[] }> {
  const { dataRoot } = settings;
  const volumes = volumesBelow(await engineVolumes(docker), dataRoot);
  await removeVolumes(
    docker,
    volumes.map(({ name }) => name),
  );
  const folders = await removeFolders(docker, { image: cleaner, dataRoot, folders: entries });
  return { folders, images: settings.images === "local" ? await removeLocalImages(docker) : [] };
}
