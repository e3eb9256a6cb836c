import type { NexusRole } from "../config/nexusBudget";
import type { RegionRole } from "../regions/model";
import { NEXUS } from "./host";

/*
 * What things are called on the Docker host, where they are mounted and how every container is locked down: the
 * components make it so, `cli/` looks whether it is so. Free of Pulumi, which takes a second to load.
 */

/** Containers of the Nexus, by the specification's names. */
export const NEXUS_CONTAINERS: Record<NexusRole, string> = {
  server: "central-nexus-server",
  db: "central-nexus-db",
  redis: "redis-nexus",
  gateway: "nginx-gateway",
  adminUi: "admin-ui",
  playerClient: "player-client",
};

/** Names of the networks that all regions share, without the stack's prefix. */
export const SHARED_NETWORKS = { nexus: "nexus", regional: "regional" } as const;

export function regionNetwork(region: string): string {
  return `region-${region}`;
}

/** A region's container; also its DNS name. */
export function regionContainer(region: string, role: RegionRole): string {
  return `region-${region}-${role}`;
}

export function configVolumeName(containerName: string): string {
  return `${containerName}-config`;
}

export function dataVolumeName(containerName: string): string {
  return `${containerName}-data`;
}

/** Name of the volume of a role's data, without the stack's prefix; undefined where there is no such role. */
export function dataVolumeOf({ region, role }: { region: string; role: string }): string | undefined {
  const names: Partial<Record<string, string>> = NEXUS_CONTAINERS;
  const container = region === NEXUS ? names[role] : regionContainer(region, role as RegionRole);
  return container === undefined ? undefined : dataVolumeName(container);
}

/** Where the data of a role is on the Docker host; the disk limit is on its parent. */
export function dataFolder(dataRoot: string, { region, role }: { region: string; role: string }): string {
  return `${dataRoot}/${region}/${role}`;
}

/** Where each role that keeps data finds its data volume. */
export const DATA_PATHS = {
  db: "/var/lib/postgresql/data",
  cache: "/data",
  redis: "/data",
  storage: "/data",
} as const satisfies Partial<Record<NexusRole | RegionRole, string>>;

/** Where every service finds its rendered files. */
export const CONFIG_PATH = "/etc/nexus";

/** Port of every game server. */
export const SERVER_PORT = 8080;

/** Port of the web server in the images of the two web pages. */
export const PAGE_PORT = 3000;

/** Ports for direct access are for the host itself. */
export const LOOPBACK = "127.0.0.1";

/** What no container may do; in the provider's words. */
export const HARDENING: { readOnly: true; capabilities: { drops: string[] }; securityOpts: string[] } = {
  readOnly: true,
  capabilities: { drops: ["ALL"] },
  securityOpts: ["no-new-privileges:true"],
};

export const RESTART_POLICY = "unless-stopped";
