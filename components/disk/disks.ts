import type Docker from "dockerode";
import type { HostArgs } from "../host";
import { run } from "../resize";
import { DISK_KEEPER } from "./access";
import type { DiskMeans } from "./regionDisk";

/** A region's disk as the kernel has it. */
export interface DiskStatus {
  /** What the kernel lets all of the region's volumes hold together, the file system's own records included. */
  sizeBytes: number;
  /** Of that; 0 while it is not mounted. */
  usedBytes: number;
  /** Mounted over the region's folder, so that the limit holds? */
  mounted: boolean;
  means: DiskMeans;
}

/** What is needed to find a stack's keeper. */
export type DiskHost = Pick<HostArgs, "namePrefix">;

/**
 * Makes a region's disk, mounts it, or grows it to this size: whatever is missing. 0.1 s; touches no container.
 * @throws Error when the keeper does not run, when the disk would shrink, or when the folder holds data without a disk
 */
export async function ensureDisk(
  docker: Docker,
  host: DiskHost,
  region: string,
  bytes: number,
): Promise<void> {
  await inKeeper(docker, host, ["disk", "ensure", region, String(bytes)]);
}

/**
 * The disks of all regions of a stack, by the region's name; those of regions that were removed are still there.
 * @returns undefined when the stack has no keeper, or it does not run: nothing can be said of any disk then
 */
export async function diskStatus(
  docker: Docker,
  host: DiskHost,
): Promise<Map<string, DiskStatus> | undefined> {
  if (!(await keeperRuns(docker, host))) return undefined;
  return parseStatus(await inKeeper(docker, host, ["disk", "status"]));
}

/** Does the stack have a keeper, and does it run? */
export async function keeperRuns(docker: Docker, { namePrefix }: DiskHost): Promise<boolean> {
  try {
    return (await docker.getContainer(namePrefix + DISK_KEEPER).inspect()).State.Running;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** Reads what `disk status` prints. */
export function parseStatus(text: string): Map<string, DiskStatus> {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [region, size, used, state] = line.split("\t");
      if (
        !region ||
        ![size, used].every((figure) => /^\d+$/.test(figure ?? "")) ||
        !/^(un)?mounted$/.test(state ?? "")
      ) {
        throw new Error(`"disk status" printed a line that cannot be read: ${line}`);
      }
      const disk = { sizeBytes: Number(size), usedBytes: Number(used), mounted: state === "mounted" };
      return [region, { ...disk, means: "loop" as const }];
    }),
  );
}

async function inKeeper(docker: Docker, { namePrefix }: DiskHost, command: string[]): Promise<string> {
  const name = namePrefix + DISK_KEEPER;
  try {
    return await run(docker, name, command);
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    if (statusCode === undefined) throw new Error(message.replace(/^"disk .*" ended with code \d+: /s, ""));
    throw new Error(
      `The container ${name}, which mounts the regions' disks, does not run (${message}). ` +
        `Start it: docker start ${name}. It says what is wrong: docker logs ${name}`,
    );
  }
}
