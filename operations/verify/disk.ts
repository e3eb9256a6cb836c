import { readFileSync, realpathSync, statfsSync } from "node:fs";

/** What limits the disk of a region, and how full it is. */
export interface RegionDisk {
  /** How the limit is kept; `none` where the host does not keep any. */
  means: string;
  /** Is the limited file system in place? */
  mounted: boolean;
  /** Undefined without a disk of its own. */
  sizeBytes?: number;
  /** Undefined when it was not asked for. */
  usedBytes?: number;
  /** What the kernel has in the region's folder; only on this machine. */
  fileSystem?: FileSystem;
}

export interface FileSystem {
  sizeBytes: number;
  /** `major:minor`; undefined where no file system of its own is mounted there. */
  device?: string;
}

/** A disk as whoever mounts it reports it. */
export type DiskReport = Required<Omit<RegionDisk, "fileSystem">>;

/**
 * Brings the report of all disks into the terms of a region each. Pure.
 * @param kept what the keeper of the disks reports; a region that is not in it should have a disk and has none.
 *   Undefined when the host keeps no limits
 * @param counted what was counted without a keeper
 */
export function disksOf(
  regions: string[],
  kept: ReadonlyMap<string, DiskReport> | undefined,
  counted: ReadonlyMap<string, RegionDisk>,
): Map<string, RegionDisk> {
  const missing = { means: "missing", mounted: false };
  const none = { means: "none", mounted: false };
  return new Map(
    regions.map((region) => [region, kept ? (kept.get(region) ?? missing) : (counted.get(region) ?? none)]),
  );
}

/** Is a region's folder the one that its data is in, or is it what lies below a disk that is not mounted? */
export function isInPlace(disk: RegionDisk | undefined): boolean {
  return disk === undefined || disk.means === "none" || disk.mounted;
}

/** What is mounted at a folder of this machine; undefined when it cannot be looked at. */
export function fileSystemAt(folder: string): FileSystem | undefined {
  try {
    const { blocks, bsize } = statfsSync(folder);
    const device = mountDevices(readFileSync("/proc/self/mountinfo", "utf8")).get(realpathSync(folder));
    return { sizeBytes: blocks * bsize, device };
  } catch {
    return undefined;
  }
}

/**
 * The device of each mount point.
 * @param mountinfo `/proc/<pid>/mountinfo`
 */
export function mountDevices(mountinfo: string): Map<string, string> {
  return new Map(
    mountinfo.split("\n").flatMap((line) => {
      // "id parent major:minor root mount-point ..."; a later mount at the same place hides the earlier.
      const [, , device, , path] = line.split(" ");
      return device && path ? [[path, device] as const] : [];
    }),
  );
}

/** Decimal, because a disk's size is: `1.2GB`. */
export function roundedSize(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)}GB` : `${Math.round(bytes / 1e6)}MB`;
}
