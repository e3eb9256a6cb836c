/** What limits the disk of a region, and how full it is. */
export interface DiskStatus {
  /** What the region can hold at most; the host's file system where nothing limits it. */
  sizeBytes: number;
  usedBytes: number;
  /** Is the limited file system in place? */
  mounted: boolean;
  means: string;
}
