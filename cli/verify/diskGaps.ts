import { formatSize } from "../../config/units";
import { type DiskStatus, roundedSize } from "./disk";
import type { Expected } from "./expected";
import type { Gap } from "./gap";
import type { Observed } from "./observed";
import type { Remedies } from "./remedies";

/** A file system's own bookkeeping takes a part of what it was made with. */
const OVERHEAD = 0.95;

/**
 * Disk limits that are not in force or not the declared ones. Where the host cannot enforce any and the stack accepts
 * that, only a region that has passed its size is a gap.
 */
export function diskGaps(expected: Expected, { disks }: Observed, remedies: Remedies): Gap[] {
  return expected.regions.flatMap(({ name: region, diskBytes }) => {
    const status = disks.get(region);
    if (diskBytes === undefined || !status) return [];
    const gap = problem(diskBytes, status, expected.diskRequired, remedies);
    return gap ? [{ region, container: "", what: "disk", declared: formatSize(diskBytes), ...gap }] : [];
  });
}

function problem(
  diskBytes: number,
  { sizeBytes, usedBytes, mounted }: DiskStatus,
  required: boolean,
  remedies: Remedies,
): Pick<Gap, "enforced" | "remedy"> | undefined {
  if (!mounted && required)
    return { enforced: `no limit, ${roundedSize(usedBytes)} used`, remedy: remedies.up() };
  if (!mounted) {
    return usedBytes <= diskBytes
      ? undefined
      : {
          enforced: `no limit, ${roundedSize(usedBytes)} used`,
          remedy: remedies.other("free space in the region, or give it more disk and {up}"),
        };
  }
  if (sizeBytes <= diskBytes && sizeBytes >= diskBytes * OVERHEAD) return undefined;
  return { enforced: roundedSize(sizeBytes), remedy: remedies.up() };
}
