import type { HostAccess } from "../container";

/** Name of the one privileged container of a stack, without the stack's prefix. */
export const DISK_KEEPER = "disk-keeper";

/** Role label of the keeper and of the short-lived containers that do the same work. */
export const DISK_ROLE = "disk";

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
} as const satisfies Omit<HostAccess, "shared">;

/** The keeper's limits: it sleeps, and works for a fraction of a second when a disk is made or grows. */
export const DISK_KEEPER_LIMITS = { cpuMillis: 500, memoryBytes: 64 * 2 ** 20, pids: 64 };

/** Variable that tells the program of a preview not to ask the Docker host. */
export const WITHOUT_HOST = "NEXUS_WITHOUT_HOST";
