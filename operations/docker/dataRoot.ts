import type Docker from "dockerode";
import type { Desired } from "../../catalog/desired";
import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../catalog/names";
import { lookAtRoot, type RootFacts } from "../../components/dataRoot";
import type { Platform } from "../../platform";
import { presentImage } from "./presentImage";

/** The data folders that a stack's files declare. */
export function foldersOf({ volumes }: Desired): string[] {
  return volumes.flatMap(({ folder }) => folder ?? []);
}

/** What is in a stack's data root; undefined when its host has none of the stack's images yet to look with. */
export async function readRoot(
  docker: Docker,
  platform: Platform,
  folders: string[],
): Promise<RootFacts | undefined> {
  const image = await presentImage(docker, platform);
  if (image === undefined) return undefined;
  const labels = { [REGION_LABEL]: NEXUS, [ROLE_LABEL]: "look" };
  return lookAtRoot(docker, { image, dataRoot: platform.settings.dataRoot, folders, labels });
}
