import type { Desired } from "../../catalog/desired";
import { formatSize } from "../../config/units";
import { type RegionDisk, roundedSize } from "./disk";
import { type Drift, UP } from "./drift";
import type { Observed } from "./observed";

/** A disk is a whole number of the device's sectors. */
const SECTOR_BYTES = 512;
/** Part of a disk that its file system may keep for its own records, the journal above all. */
const RECORDS = 0.03;

/**
 * Disk limits that are not in force or not the declared ones, and data that lies beside the disk. Where the host keeps
 * no limits and the stack accepts that, only a region that has passed its size is drift.
 */
export function diskDrift(desired: Desired, observed: Observed): Drift[] {
  return desired.disks.flatMap(({ region, sizeBytes: diskBytes }) => {
    const disk = observed.disks.get(region);
    if (!disk) return [];
    const wrong =
      disk.means === "none" ? unlimited(diskBytes, disk, desired.diskRequired) : limited(diskBytes, disk);
    return [
      ...(wrong ? [{ region, container: "", what: "disk", declared: formatSize(diskBytes), ...wrong }] : []),
      ...besideDisk(region, desired, observed),
    ];
  });
}

type Wrong = Pick<Drift, "enforced" | "remedy">;

function unlimited(diskBytes: number, { usedBytes }: RegionDisk, required: boolean): Wrong | undefined {
  const used = usedBytes === undefined ? "" : `, ${roundedSize(usedBytes)} used`;
  if (required) return { enforced: `no limit${used}`, remedy: UP };
  if (usedBytes === undefined || usedBytes <= diskBytes) return undefined;
  return {
    enforced: `no limit${used}`,
    remedy: `free space in it, or give it more disk and ${UP}`,
  };
}

function limited(diskBytes: number, { mounted, sizeBytes, fileSystem }: RegionDisk): Wrong | undefined {
  const remedy = UP;
  if (sizeBytes === undefined) return { enforced: "no disk", remedy };
  if (!mounted) return { enforced: "not mounted", remedy };
  if (sizeBytes > diskBytes || sizeBytes <= diskBytes - SECTOR_BYTES)
    return { enforced: formatSize(sizeBytes), remedy };
  const is = fileSystem?.sizeBytes ?? sizeBytes;
  if (is > diskBytes || is < diskBytes * (1 - RECORDS))
    return { enforced: `a file system of ${roundedSize(is)}`, remedy };
  return undefined;
}

/** Data volumes whose container still writes to what was there before the disk was mounted: no limit holds there. */
function besideDisk(region: string, desired: Desired, observed: Observed): Drift[] {
  const disk = observed.disks.get(region);
  const device = disk?.mounted ? disk.fileSystem?.device : undefined;
  if (device === undefined) return [];
  const data = new Set(
    desired.volumes.flatMap((volume) =>
      volume.region === region && volume.folder !== undefined ? [volume.name] : [],
    ),
  );
  return observed.containers.flatMap(({ name, mounts }) =>
    mounts
      .filter((mount) => data.has(mount.source) && mount.device !== undefined && mount.device !== device)
      .map((mount) => ({
        region,
        container: name,
        what: `disk below ${mount.path}`,
        declared: `the region's (${device})`,
        enforced: `another one (${mount.device})`,
        remedy: `docker restart ${name}`,
      })),
  );
}
