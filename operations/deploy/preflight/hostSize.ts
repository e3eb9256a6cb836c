import { posix } from "node:path";
import type Docker from "dockerode";
import { MEASURE_ROLE, ROLE_LABEL, STACK_LABEL } from "../../../catalog/names";
import { runJob } from "../../../components/job";
import type { Platform } from "../../../platform";
import type { Amounts, OtherStack } from "../../../regions/capacity";
import { presentImage } from "../../docker/presentImage";
import { otherStacks } from "./otherStacks";

/** What the Docker host has, as its Engine and a container on it see it. */
export interface HostSize extends Amounts {
  /** Of the data root's file system, for ordinary users, at this moment; absent like `diskBytes`. */
  freeDiskBytes?: number;
  /** Why the disk is not known. */
  diskProblem?: string;
  /** What of it other stacks of ours were promised. */
  otherStacks?: OtherStack[];
}

/** CPUs, memory and other stacks from the Engine; the disk, which it does not tell, from a container that looks at the data root. */
export async function measureHost(
  docker: Docker,
  platform: Platform,
  stackId: string | undefined,
): Promise<HostSize> {
  const { NCPU, MemTotal } = (await docker.info()) as { NCPU: number; MemTotal: number };
  return {
    cpuMillis: NCPU * 1000,
    memoryBytes: MemTotal,
    ...(await measureDisk(docker, platform, stackId)),
    otherStacks: await otherStacks(docker, platform.settings.namePrefix, stackId),
  };
}

type Disk = Pick<HostSize, "diskBytes" | "freeDiskBytes" | "diskProblem">;

async function measureDisk(docker: Docker, platform: Platform, stackId: string | undefined): Promise<Disk> {
  const image = await presentImage(docker, platform);
  if (!image) return { diskProblem: "none of the stack's images is there yet to look with" };
  try {
    return await diskOfNearest(docker, image, platform.settings.dataRoot, stackId);
  } catch (error) {
    return { diskProblem: error instanceof Error ? error.message : String(error) };
  }
}

/** The data root before the first `up`, or a part of it, may not be there: its parents are on the same disk. */
async function diskOfNearest(
  docker: Docker,
  image: string,
  folder: string,
  stackId: string | undefined,
): Promise<Disk> {
  try {
    return parseDf(await df(docker, image, folder, stackId));
  } catch (error) {
    if (folder === "/" || !/bind source path does not exist/.test(String(error))) throw error;
    return diskOfNearest(docker, image, posix.dirname(folder), stackId);
  }
}

function df(docker: Docker, image: string, folder: string, stackId: string | undefined): Promise<string> {
  return runJob(docker, {
    image,
    purpose: `look how large ${folder} is`,
    labels: { [ROLE_LABEL]: MEASURE_ROLE, ...(stackId !== undefined && { [STACK_LABEL]: stackId }) },
    command: ["df", "-kP", "/host"],
    binds: [],
    // Not a bind: Docker would make a folder that is not there.
    mounts: [{ Type: "bind", Source: folder, Target: "/host", ReadOnly: true }],
    user: "65534:65534",
  });
}

/**
 * Size and free space from `df -kP`. The size is what is used and what an ordinary user may still use: blocks that
 * the file system keeps for root help no database.
 * @throws Error when it printed something else
 */
export function parseDf(printed: string): { diskBytes: number; freeDiskBytes: number } {
  const match = /\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%\s+\/host\s*$/.exec(printed);
  if (!match) throw new Error(`df printed ${JSON.stringify(printed.slice(0, 200))}`);
  const [, , used, available] = match.map(Number);
  return { diskBytes: ((used ?? 0) + (available ?? 0)) * 1024, freeDiskBytes: (available ?? 0) * 1024 };
}
