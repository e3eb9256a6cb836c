import type Docker from "dockerode";
import { lookAtRoot, type RootFacts } from "../../components/dataRoot";
import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../components/host";
import type { Platform } from "../../platform";
import { presentImage } from "../presentImage";
import type { Expected } from "../verify/expected";

/** The data folders that a stack's files declare. */
export function foldersOf({ volumes }: Expected): string[] {
  return volumes.flatMap(({ folder }) => folder ?? []);
}

/** What is in a stack's data root; undefined when its host has none of the stack's images yet to look with. */
export async function readRoot(
  docker: Docker,
  platform: Platform,
  projectDir: string,
  folders: string[],
): Promise<RootFacts | undefined> {
  const image = await presentImage(docker, platform, projectDir);
  if (image === undefined) return undefined;
  const labels = { [REGION_LABEL]: NEXUS, [ROLE_LABEL]: "look" };
  return lookAtRoot(docker, { image, dataRoot: platform.settings.dataRoot, folders, labels });
}
