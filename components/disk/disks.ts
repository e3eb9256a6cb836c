import type Docker from "dockerode";
import { DISK_KEEPER, DISK_ROLE } from "../../catalog/keeper";
import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../catalog/names";
import { CHEAP, patience } from "../../regions/patience";
import { gone } from "../engine";
import { execIn } from "../exec";
import type { HostArgs } from "../host";
import { runJob } from "../job";
import { untilReady } from "../ready/wait";

/** How a disk limit is kept: by an XFS file mounted over the folder, or not at all. */
export type DiskMeans = "loop" | "none";

/** A region's disk as the kernel has it. */
export interface DiskStatus {
  /** What all of the region's volumes may hold together, the file system's own records included; 0: no limit. */
  sizeBytes: number;
  /** As the keeper reports it, 0 while the disk is not mounted. */
  usedBytes: number;
  /** Mounted over the region's folder, so that the limit holds? */
  mounted: boolean;
  means: DiskMeans;
}

/** One that has just been made mounts what there is first; one that does not get ready says itself what is wrong. */
const KEEPER = { patienceSeconds: patience(CHEAP, 1000), isDear: false };

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
  if (await keeperRuns(docker, host))
    await untilReady(docker, { container: host.namePrefix + DISK_KEEPER.container, ...KEEPER });
  await inKeeper(docker, host, ["disk", "ensure", region, String(bytes)]);
}

/**
 * The disks that the keeper knows, by the region's name; those of regions that were removed are still there. One call.
 * @returns undefined when the stack has no keeper, or it does not run
 */
export async function keeperDisks(
  docker: Docker,
  host: DiskHost,
): Promise<Map<string, DiskStatus> | undefined> {
  if (!(await keeperRuns(docker, host))) return undefined;
  return parseStatus(await inKeeper(docker, host, ["disk", "status"]));
}

/** Without a keeper nobody has the file systems' figures: files are counted, which takes longer. */
const COUNT = `root="$1"; shift
for region in "$@"; do
  folder="$root/$region"; size=0; state=unmounted
  [ -d "$folder" ] || continue
  [ ! -f "$root/.disks/$region.img" ] || size=$(stat -c %s "$root/.disks/$region.img")
  [ "$(stat -c %d "$root")" = "$(stat -c %d "$folder")" ] || state=mounted
  used=$(du -sk "$folder" | cut -f 1)
  printf '%s\\t%s\\t%s\\t%s\\n' "$region" "$size" "$((used * 1024))" "$state"
done`;

/**
 * The disks of these regions, with and without a limit; a region that has no folder yet is left out.
 * @param host `image`: one with a shell that is on the host; used when the stack has no keeper
 */
export async function diskStatus(
  docker: Docker,
  host: DiskHost & Pick<HostArgs, "dataRoot"> & { image: string },
  regions: string[],
): Promise<Map<string, DiskStatus>> {
  const disks = await keeperDisks(docker, host);
  if (disks) return new Map([...disks].filter(([region]) => regions.includes(region)));
  const printed = await runJob(docker, {
    image: host.image,
    purpose: "count what regions use",
    labels: { [REGION_LABEL]: NEXUS, [ROLE_LABEL]: `${DISK_ROLE} count` },
    command: ["sh", "-c", COUNT, "count", host.dataRoot, ...regions],
    binds: [`${host.dataRoot}:${host.dataRoot}:ro`],
  });
  return parseStatus(printed);
}

/** Does the stack have a keeper, and does it run? */
export async function keeperRuns(docker: Docker, { namePrefix }: DiskHost): Promise<boolean> {
  const keeper = docker.getContainer(namePrefix + DISK_KEEPER.container);
  const state = (await keeper.inspect().catch(gone))?.State;
  return state?.Running === true && !state.Paused;
}

/** Reads what `disk status` prints, and the count. */
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
      return [region, { ...disk, means: disk.sizeBytes > 0 ? ("loop" as const) : ("none" as const) }];
    }),
  );
}

async function inKeeper(docker: Docker, { namePrefix }: DiskHost, command: string[]): Promise<string> {
  const name = namePrefix + DISK_KEEPER.container;
  try {
    return await execIn(docker, name, command);
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    if (statusCode === undefined) throw new Error(message.replace(/^"disk .*" in \S+ ended with \d+: /s, ""));
    throw new Error(
      `The container ${name}, which mounts the regions' disks, does not run (${message}). ` +
        `Start it: docker start ${name}. It says what is wrong: docker logs ${name}`,
    );
  }
}
