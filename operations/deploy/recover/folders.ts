import { basename } from "node:path";
import type Docker from "dockerode";
import { NEXUS } from "../../../catalog/names";
import { closeFiles, prepareFolder, prepareRoot } from "../../../components/dataFolder";
import type { Platform } from "../../../platform";
import type { Reporter } from "../../reporter";
import { planFolders } from "../../verify/folderDrift";
import type { Sides } from "../../verify/verify";
import { projectFacts } from "../state/settingsFile";

/**
 * Takes access away from others where data folders give it, while their services run, and writes down whose the data
 * root is where an earlier version has not. What cannot be put right is said and stays drift of the verification
 * that follows.
 * @returns how many of them were asked to change
 */
export async function repairFolders(
  docker: Docker,
  platform: Platform,
  projectDir: string,
  { declared, found }: Sides,
  { say }: Reporter,
): Promise<number> {
  const { settings, stack, images } = platform;
  const { stackId, root, disks } = found;
  if (stackId === undefined || !root) return 0;
  const host = {
    images,
    dataRoot: settings.dataRoot,
    stackId,
    stackName: `${stack} of project ${projectFacts(projectDir).project}`,
  };
  const tenantOf = (region: string): string =>
    platform.regions.find(({ name }) => name === region)?.owner ?? NEXUS;
  const work = planFolders(declared, found).map(({ region, folder, user, is, isOpen }) => ({
    says: `Putting ${folder} right: ${is} instead of ${user} 700`,
    async run() {
      const owner = { region, role: basename(folder) };
      const hasDisk = disks.get(region)?.means === "loop";
      await prepareFolder(docker, { host, owner, folder, user, tenant: tenantOf(region), hasDisk });
      if (isOpen) await closeFiles(docker, { host, owner, folder, user });
    },
  }));
  if (!root.owner && root.folders.size > 0)
    work.push({
      says: `Writing down whose ${settings.dataRoot} is`,
      run: () => prepareRoot(docker, host, { region: NEXUS, role: "root" }),
    });
  for (const { says, run } of work) {
    say(says);
    await run().catch((error: Error) => say(error.message));
  }
  return work.length;
}
