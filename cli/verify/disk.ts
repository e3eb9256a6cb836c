/** What limits the disk of a region, and how full it is. */
export interface DiskStatus {
  /** What the region can hold at most; the host's file system where nothing limits it. */
  sizeBytes: number;
  usedBytes: number;
  /** Is the limit in force? */
  mounted: boolean;
  /** How it is enforced, in a word. */
  means: string;
}

/** Decimal, because a disk's size is: `1.2GB`. */
export function roundedSize(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)}GB` : `${Math.round(bytes / 1e6)}MB`;
}
