import type Docker from "dockerode";
import { type DiskStatus, keeperDisks } from "../../components/disk/disks";
import { enforcement, notEnforced, refused } from "../../components/disk/enforcement";
import { formatSize } from "../../config/units";
import type { Image } from "../../images/table";
import type { Platform } from "../../platform";
import { engineAddress } from "../docker";
import type { HostProblem } from "./checks";

/**
 * What speaks against the regions' disk limits: a host that cannot keep them where that is refused, and disks that
 * would shrink. Asked before anything is changed.
 */
export async function diskProblems(
  { settings, regions }: Pick<Platform, "settings" | "regions">,
  docker: Docker,
  image: Image | undefined,
): Promise<HostProblem[]> {
  const disks = await keeperDisks(docker, settings);
  if (disks) return shrinking(regions, disks);
  if (settings.diskLimit === "accept") return [];
  const answer = await enforcement(docker, { ...settings, image });
  if (answer.means === "loop") return [];
  const message = refused(notEnforced(engineAddress(settings.dockerHost), answer.reason));
  return [{ setting: "nexus:diskLimit", message }];
}

/** The regions whose disk is larger than their files say. Pure. */
export function shrinking(
  regions: Platform["regions"],
  disks: ReadonlyMap<string, DiskStatus>,
): HostProblem[] {
  return regions.flatMap(({ name, resources }) => {
    const has = disks.get(name)?.sizeBytes ?? 0;
    // A disk is a whole number of sectors.
    if (has <= resources.diskBytes) return [];
    const message =
      `region ${name} has a disk of ${formatSize(has)}, and its file now says ${formatSize(resources.diskBytes)}. ` +
      `A disk only grows, because its file system does: set resources.disk to ${formatSize(has)} or more.`;
    return [{ message }];
  });
}
