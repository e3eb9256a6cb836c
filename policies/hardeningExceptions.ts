/** What a container may have that others may not. Each line of it is reviewed: keep it as narrow as the job is. */
export interface HardeningException {
  /** The `io.sectorwars.role` label of a container of the Nexus; a region's container never has an exception. */
  role: string;
  /** Why nothing less does. */
  reason: string;
  /** Capabilities that it may add, in the `CAP_` form that the Engine reads back. */
  capabilities: readonly string[];
  /** May it run as root? */
  root: boolean;
  /** Device classes that it may use, in cgroup form: type, major:minor, access. */
  deviceCgroupRules: readonly string[];
  /** Beside `no-new-privileges`. */
  securityOpts: readonly string[];
  /** May it see folders of the host? `engine-socket` still forbids those that lead to the engine. */
  hostFolders: boolean;
}

/**
 * The only exceptions. Each of them must have no network (`networkMode: none`), and keeps all rules that its entry
 * does not name: read-only root, all other capabilities dropped, not privileged.
 */
export const HARDENING_EXCEPTIONS: readonly HardeningException[] = [
  {
    role: "disk",
    // The container is called disk-keeper.
    reason: "mounts and grows the file system that a region's disk limit consists of",
    capabilities: ["CAP_SYS_ADMIN"],
    root: true,
    // Block devices 7:* are the loop devices, 10:237 is the control that hands out free ones.
    deviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
    // Hosts with AppArmor forbid mount() to containers, whatever their capabilities.
    securityOpts: ["apparmor=unconfined"],
    // The data root, where it mounts, and /dev, where loop devices appear.
    hostFolders: true,
  },
];
