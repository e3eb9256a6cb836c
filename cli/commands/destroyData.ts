import type Docker from "dockerode";
import { resolveImages } from "../../images/table";
import type { Platform } from "../../platform";
import { confirmed } from "../ask";
import { keptData } from "../data/plan";
import { engineVolumes, removeFolders, removeLocalImages, removeVolumes } from "../data/remove";
import { engineAddress } from "../docker";
import { listed, say } from "../say";
import type { OpenStack } from "../state/open";
import { removeStack } from "../state/remove";
import { deploymentOf } from "../state/stack";
import { badInput } from "../stop";

/** Says what `destroy --data` removes and asks for the stack's name. */
export async function confirmDataRemoval(open: OpenStack, platform: Platform): Promise<boolean> {
  const { dataRoot, dockerHost } = platform.settings;
  say(`This removes stack "${open.stack}" for good, and cannot be undone:
  containers, networks and volumes on ${engineAddress(dockerHost)}
  all data of the Nexus and of ${listed(platform.regions.map(({ name }) => name))} in ${dataRoot}
  its state and secrets at ${open.backend}`);
  const sure = await confirmed(`Type the name of the stack to go on: `, open.stack);
  if (!sure) say("Nothing was removed.");
  return sure;
}

/**
 * An image to remove the data with, asked for before anything is removed.
 * @throws Stop (exit code 2) when the Docker host has none.
 */
export async function findCleaner(open: OpenStack, { settings }: Platform, docker: Docker): Promise<string> {
  const images = resolveImages(settings.images, settings.imageOverrides, open.projectDir);
  const image = images.postgres.ref;
  const present = await docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (present) return image;
  const make = settings.images === "local" ? "npm run images:build" : `docker pull ${image}`;
  throw badInput(
    `The Docker host has no image ${image}, which removes the data in ${settings.dataRoot}. Nothing was changed. Get it with: ${make}`,
  );
}

/**
 * Removes what `pulumi destroy` leaves: retained volumes, data folders, local images, and last the state, so that a
 * run that is interrupted can be repeated.
 * @param cleaner image to remove the folders with
 */
export async function removeData(
  open: OpenStack,
  platform: Platform,
  docker: Docker,
  cleaner: string,
): Promise<void> {
  const { settings, regions } = platform;
  const data = keptData({
    dataRoot: settings.dataRoot,
    namePrefix: settings.namePrefix,
    regions: regions.map(({ name }) => name),
    deployment: await deploymentOf(open),
    volumes: await engineVolumes(docker),
  });
  await removeVolumes(docker, data.volumes);
  const removal = { image: cleaner, dataRoot: settings.dataRoot, folders: data.folders };
  const left = await removeFolders(docker, removal);
  const images = settings.images === "local" ? await removeLocalImages(docker) : [];
  await removeStack(open);

  say(
    `\nNothing of stack "${open.stack}" is left: containers, networks, volumes, data, state and secrets are gone.`,
  );
  if (left.length > 0) say(`Not this stack's, so left in ${settings.dataRoot}: ${listed(left)}`);
  if (images.length > 0) say(`Images that other containers use, so left: ${listed(images)}`);
}
