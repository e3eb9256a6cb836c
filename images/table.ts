/**
 * Which image each role runs in a stack. The rest of the program sees only `resolveImages`: it never knows whether an
 * image came from a registry or was made on this machine (README.md).
 */
import { join } from "node:path";
import {
  IMAGE_NAMES,
  IMAGES,
  type ImageName,
  type ImageRole,
  type ImageRow,
  type ImageSource,
} from "../catalog/images";
import { serverNeeds } from "./gameServer";
import type { Image, ImageOverrides } from "./image";
import { pinnedRef, readLock } from "./lockFile";
import { localRefs } from "./recipes";
import { workerImage } from "./worker";

/** The image of every role; that of the disks where there is one. */
export type Images = Record<Exclude<ImageRole, "disk">, Image> & { disk?: Image };

/** Where the sources of the local images are: with the program, whatever project it works on. */
const SOURCES = join(__dirname, "..");

/**
 * The image of every role. No registry has a default for the one that keeps regions within their disk limit.
 *
 * @param projectDir holds `images/lock.json`
 * @throws ConfigError when the lock file is not valid
 */
export function resolveImages(source: ImageSource, overrides: ImageOverrides, projectDir: string): Images {
  const local = source === "local" ? localRefs(SOURCES) : undefined;
  const lock = readLock(projectDir);
  const image = (name: ImageName): Image | undefined => {
    const row: ImageRow = IMAGES[name];
    const own = overrides[name];
    const ref = own?.ref ?? local?.[IMAGES[name].recipe] ?? row.official;
    if (ref === undefined && row.isOptional) return undefined;
    // An operator's own image may lack the tool that our local image's health test calls.
    const health = own?.health ?? row.health?.[own ? "registry" : source];
    return {
      user: own?.user ?? row.user,
      ...(health && { health: [...health] }),
      ref: pinnedRef(ref ?? "", lock),
    };
  };
  const images = Object.fromEntries(IMAGE_NAMES.map((name) => [name, image(name)])) as Omit<Images, "worker">;
  const choice = { images: source, imageOverrides: overrides };
  const gameServer: Image = { ...images.gameServer, needs: serverNeeds(choice) };
  return { ...images, gameServer, worker: workerImage(choice, gameServer, (ref) => pinnedRef(ref, lock)) };
}

/** Every image, by the name that containers use, each once and sorted. */
export function refsOf(images: Images): string[] {
  return [...new Set(Object.values(images).flatMap((image) => image?.ref ?? []))].sort();
}
