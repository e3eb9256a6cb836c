import type Docker from "dockerode";
import { containersOf } from "../../../catalog/desired";
import { DISK_KEEPER } from "../../../catalog/keeper";
import { NEXUS } from "../../../catalog/names";
import type { RootFacts } from "../../../components/dataRoot";
import { keeperDisks } from "../../../components/disk/disks";
import { enforcement, notEnforced, refused } from "../../../components/disk/enforcement";
import { formatSize } from "../../../config/units";
import type { Image } from "../../../images/image";
import type { Platform } from "../../../platform";
import { engineAddress } from "../../docker/client";
import type { HostProblem } from "./checks";

/** What is looked at beside the files. */
export interface DiskQuestion {
  docker: Docker;
  /** Image that mounts disks. */
  image: Image | undefined;
  /** What is in the data root. */
  root: Pick<RootFacts, "regions" | "disks"> | undefined;
}

/**
 * What speaks against the disk limits: a host that cannot keep them where that is refused, disks that would shrink, and
 * data that was written without a disk. Asked before anything is changed.
 */
export async function diskProblems(
  platform: DiskPlatform,
  { docker, image, root }: DiskQuestion,
): Promise<HostProblem[]> {
  const { settings } = platform;
  const disks = await keeperDisks(docker, settings);
  if (disks) return [...shrinking(platform, disks), ...undisked(platform, root, true)];
  // Those of a stack that is down.
  const wrong = [...shrinking(platform, root?.disks ?? new Map()), ...undisked(platform, root, false)];
  if (settings.diskLimit === "accept" && wrong.length === 0) return [];
  const answer = await enforcement(docker, { ...settings, image });
  if (answer.means === "loop") return wrong;
  // Data without a limit stays where the host keeps none.
  if (settings.diskLimit === "accept") return [];
  const message = refused(notEnforced(engineAddress(settings.dockerHost), answer.reason));
  return [{ setting: "nexus:diskLimit", message }];
}

type DiskPlatform = Pick<Platform, "settings" | "desired">;

/** The disks that are larger than the files say. Pure. */
export function shrinking(platform: DiskPlatform, disks: RootFacts["disks"]): HostProblem[] {
  return platform.desired.disks.flatMap(({ region, sizeBytes: diskBytes }) => {
    const has = disks.get(region)?.sizeBytes ?? 0;
    // A disk is a whole number of sectors.
    if (has <= diskBytes) return [];
    const [given, set] =
      region === NEXUS
        ? [
            `the Nexus has a disk of ${formatSize(has)}, and nexus:profile or nexus:disk now says`,
            "nexus:disk",
          ]
        : [`region ${region} has a disk of ${formatSize(has)}, and its file now says`, "resources.disk"];
    const message =
      `${given} ${formatSize(diskBytes)}. A disk only grows, because its file system does: set ${set} to ` +
      `${formatSize(has)} or more.`;
    return [region === NEXUS ? { setting: "nexus:disk", message } : { message }];
  });
}

/**
 * Data from before the disk limit, which would vanish below the mount: it is moved by a person. Pure.
 * @param hasKeeper does the stack's keeper run, which can make the disk beforehand?
 */
export function undisked(
  platform: DiskPlatform,
  root: DiskQuestion["root"],
  hasKeeper: boolean,
): HostProblem[] {
  const { namePrefix, dataRoot } = platform.settings;
  return platform.desired.disks.flatMap(({ region, sizeBytes: diskBytes }) => {
    if (!root?.regions.includes(region) || root.disks.has(region)) return [];
    const folder = `${dataRoot}/${region}`;
    const containers = containersOf(platform.desired, region)
      .flatMap(({ name, data }) => (data ? name : []))
      .join(" ");
    const [stop, start] = [`docker stop ${containers}`, `docker start ${containers}`];
    const [away, back] = [`mv ${folder} ${folder}.before`, `cp -a ${folder}.before/. ${folder}/`];
    const ensure = `docker exec ${namePrefix}${DISK_KEEPER.container} disk ensure ${region} ${diskBytes}`;
    const move = hasKeeper
      ? `Move it onto that first, on the Docker host: ${stop} && ${away} && ${ensure} && ${back} && ${start}`
      : `Move it onto that: npm run destroy, where containers use it; on the Docker host, ${away}; npm run up, which makes ` +
        `the disk; on the host again, ${stop} && rm -rf ${folder}/* && ${back} && ${start}`;
    return [
      {
        message:
          `the data in ${folder} was written without a disk limit, and gets a disk of ${formatSize(diskBytes)} now. ` +
          `${move} (docs/operations.md, Disks)`,
      },
    ];
  });
}
