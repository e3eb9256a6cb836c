/** What is wrong with a stack's choice of images, before anything is made of them. Pure. */
import { IMAGE_NAMES, IMAGES, type ImageRow } from "../catalog/images";
import type { Breach } from "../config/problems";
import { SETTINGS_DEFAULTS } from "../config/settingsSchema";

/** The settings that decide, as they are written: wrong values are another check's, and do not hide what is missing. */
export type WrittenChoice = Partial<
  Record<"images" | "imageOverrides" | "worker" | "diskLimit" | "environment", unknown>
>;

/** Images that have no default and that nobody gave; empty when there are none. */
export function imageProblems(written: WrittenChoice): Breach[] {
  const { images = SETTINGS_DEFAULTS.images, imageOverrides = {} } = written;
  if (images !== "registry" || typeof imageOverrides !== "object" || imageOverrides === null) return [];
  const required = IMAGE_NAMES.filter((name) => {
    const { official, isOptional }: ImageRow = IMAGES[name];
    return official === undefined && (!isOptional || needsDisk(written));
  });
  const missing = required.filter((role) => !Object.hasOwn(imageOverrides, role));
  if (missing.length === 0) return [];
  const message =
    `no image is given for ${missing.join(", ")}. With "nexus:images: registry" these are your own images ` +
    `and have no default: add ${missing.map((role) => `"${role}: {ref: <name>:<tag>}"`).join(", ")}, ` +
    `or set "nexus:images: local" to run the stand-ins made on this machine.` +
    (missing.includes("disk")
      ? ` "disk" keeps regions within their disk limit (images/README.md); "nexus:diskLimit: accept" goes without.`
      : "");
  return [{ path: ["imageOverrides"], message }];
}

function needsDisk({ diskLimit, environment = SETTINGS_DEFAULTS.environment }: WrittenChoice): boolean {
  return diskLimit === undefined ? environment === "production" : diskLimit === "require";
}
