/** Access to the Docker host beyond what containers have. */
export interface HostAccess {
  /** Numeric "uid:gid", instead of the image's. */
  user: string;
  /** With their `CAP_`, sorted. */
  capabilities: readonly string[];
  /** Beside `no-new-privileges`. */
  securityOpts: readonly string[];
  /** Device classes, as `b|c major:minor rwm`. */
  deviceCgroupRules: readonly string[];
  /** Folders of the host, at the same path in the container. */
  folders: readonly string[];
}

/**
 * What mounting a file takes, and no more: root with the one capability that `mount` asks for, the loop devices
 * (major 7) and the device that makes them. The hardening allow-list consists of this one entry.
 */
export const DISK_ACCESS = {
  user: "0:0",
  capabilities: ["CAP_SYS_ADMIN"],
  // Hosts with AppArmor forbid `mount` to containers, whatever their capabilities.
  securityOpts: ["apparmor=unconfined"],
  deviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
  folders: ["/dev"],
} as const satisfies HostAccess;

/** Role label of the keeper and of the short-lived containers that do the same work. */
export const DISK_ROLE = "disk";

/** The one privileged container of a stack. It sleeps, and works for a fraction of a second when a disk is made or grows. */
export const DISK_KEEPER = {
  container: "disk-keeper",
  limits: { cpuMillis: 500, memoryBytes: 64 * 2 ** 20, pids: 64 },
  stopGraceSeconds: 30,
} as const;
