import type { SharedNetwork } from "./service";

/*
 * What things are called on the Docker host, where they are mounted and how every container is locked down: the
 * components make it so, others look whether it is so.
 */

/** Stands for the Nexus wherever a region's name stands: labels and the data folder. Reserved as a region name. */
export const NEXUS = "central-nexus";

/** Label keys. A stack's own objects are found by them. */
export const STACK_LABEL = "io.sectorwars.stack";
export const REGION_LABEL = "io.sectorwars.region";
export const ROLE_LABEL = "io.sectorwars.role";
/** Role of a short-lived container that measures the host for a command which holds no lock, such as a preview. */
export const MEASURE_ROLE = "measure";
/** Names of the variables whose values are encrypted in the settings; the policies let them be secret. */
export const SECRET_VARIABLES_LABEL = "io.sectorwars.secret-variables";
/** Digest of a container's rendered files. */
export const CONFIG_LABEL = "io.sectorwars.config";

/** Names of the networks that all regions share, without the stack's prefix. */
export const SHARED_NETWORKS: Record<SharedNetwork, string> = { nexus: "nexus", regional: "regional" };

export function regionNetwork(region: string): string {
  return `region-${region}`;
}

/** A region's container; also its DNS name. */
export function regionContainer(region: string, role: string): string {
  return `region-${region}-${role}`;
}

export function configVolumeName(containerName: string): string {
  return `${containerName}-config`;
}

export function dataVolumeName(containerName: string): string {
  return `${containerName}-data`;
}

/** Where the data of a role is on the Docker host; the disk limit is on its parent. */
export function dataFolder(dataRoot: string, { region, role }: { region: string; role: string }): string {
  return `${dataRoot}/${region}/${role}`;
}

/** Where every service finds its rendered files. */
export const CONFIG_PATH = "/etc/nexus";

/** Ports for direct access are for the host itself. */
export const LOOPBACK = "127.0.0.1";

/** What no container may do; in the provider's words. */
export const HARDENING: { readOnly: true; capabilities: { drops: string[] }; securityOpts: string[] } = {
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
};

export const RESTART_POLICY = "unless-stopped";
