import type Docker from "dockerode";
import { NEXUS } from "../../catalog/names";
import { renderHostProblems } from "../../operations/deploy/preflight/checks";
import { rootProblems } from "../../operations/deploy/preflight/dataRoot";
import { movedVolumes } from "../../operations/deploy/preflight/volumes";
import type { OpenStack } from "../../operations/deploy/state/open";
import { removeStack } from "../../operations/deploy/state/remove";
import { engineAddress } from "../../operations/docker/client";
import { readRoot } from "../../operations/docker/dataRoot";
import { presentImage } from "../../operations/docker/presentImage";
import { removeFolders, removeLocalImages, removeVolumes } from "../../operations/docker/removeData";
import { engineVolumes, volumesBelow } from "../../operations/docker/volumes";
import { badInput } from "../../operations/failure";
import type { Platform } from "../../platform";
import { confirmed } from "../ask";
import { listed, say } from "../say";

/** Says what `destroy --data` removes and asks for the stack's name. */
export async function confirmDataRemoval(
  open: OpenStack,
  platform: Platform,
  { entries }: OwnData,
): Promise<boolean> {
  const { dataRoot, dockerHost } = platform.settings;
  const regions = entries.filter((entry) => entry !== NEXUS);
  say(`This removes stack "${open.stack}" for good, and cannot be undone:
  containers, networks and volumes on ${engineAddress(dockerHost)}
  all data of the Nexus${regions.length > 0 ? ` and of ${listed(regions)}` : ""} in ${dataRoot}
  its state and secrets at ${open.backend}`);
  const sure = await confirmed(`Type the name of the stack to go on: `, open.stack);
  if (!sure) say("Nothing was removed.");
  return sure;
}

/** What a stack keeps on its host. */
export interface OwnData {
  /** Entries of its data root: one a region, also of those that no file names any more, and the Nexus'. */
  entries: string[];
  /** An image to remove them with. */
  cleaner: string;
}

/**
 * Looks at what `destroy --data` would remove. A data root belongs to one stack, so all in it that a stack makes does.
 * @param stackId the stack's identity; undefined without a state
 * @throws Stop (exit code 2) when the data is another stack's, or there is nothing to look with
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
 * @throws Stop (exit code 2) when the Docker host has none.
 */
async function findCleaner(platform: Platform, docker: Docker): Promise<string> {
  const present = await presentImage(docker, platform);
  if (present) return present;
  const { settings, images } = platform;
  const { ref } = images.postgres;
  const { dataRoot } = settings;
  const make = settings.images === "local" ? "npm run images:build" : `docker pull ${ref}`;
  throw badInput(
    `The Docker host has no image of this stack's to remove the data in ${dataRoot} with. Nothing was changed. Get one with: ${make}`,
  );
}

/**
 * Removes what `pulumi destroy` leaves: retained volumes, data folders, local images, and last the state, so that a
 * run that is interrupted can be repeated.
 */
export async function removeData(
  open: OpenStack,
  platform: Platform,
  docker: Docker,
  { cleaner, entries }: OwnData,
): Promise<void> {
  const { settings } = platform;
  const { dataRoot } = settings;
  const volumes = volumesBelow(await engineVolumes(docker), dataRoot);
  await removeVolumes(
    docker,
    volumes.map(({ name }) => name),
  );
  const removal = { image: cleaner, dataRoot, folders: entries };
  const left = await removeFolders(docker, removal);
  const images = settings.images === "local" ? await removeLocalImages(docker) : [];
  await removeStack(open);

  say(
    `\nNothing of stack "${open.stack}" is left: containers, networks, volumes, data, state and secrets are gone.`,
  );
  if (left.length > 0) say(`No stack's data, so left in ${dataRoot}: ${listed(left)}`);
  if (images.length > 0) say(`Images that other stacks or containers need, so left: ${listed(images)}`);
}
