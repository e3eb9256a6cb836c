import { dataVolumeName, NEXUS, regionContainer } from "./names";
import { NEXUS_SERVICES, type NexusRole } from "./nexus";
import { REGION_SERVICES, type RegionRole } from "./region";
import type { DirectAccess, NexusService, RegionService, Service } from "./service";

/* What follows from the two tables. */

export const NEXUS_ROLES = Object.keys(NEXUS_SERVICES) as NexusRole[];

type Published = Extract<(typeof NEXUS_SERVICES)[NexusRole], { publish: unknown }>;

/** The keys of `nexus:publish`. */
export type PublishSetting = Published["publish"]["setting"];

/** What can be reached past the gateway, where a setting says so. */
export const DIRECT_ACCESS = NEXUS_ROLES.flatMap((role): (DirectAccess & { setting: PublishSetting })[] => {
  const service = NEXUS_SERVICES[role];
  return "publish" in service ? [service.publish] : [];
});

export const REGION_ROLES = Object.keys(REGION_SERVICES) as RegionRole[];

type Owner = { region: string; role: string };

const OF_NEXUS: Partial<Record<string, NexusService>> = NEXUS_SERVICES;
const OF_REGIONS: Partial<Record<string, RegionService>> = REGION_SERVICES;

/** The service with that role; undefined where there is none. */
export function serviceOf({ region, role }: Owner): Service | undefined {
  return region === NEXUS ? OF_NEXUS[role] : OF_REGIONS[role];
}

/** Roles of the services that keep data. */
export const DATA_ROLES: readonly string[] = [
  ...new Set(
    [...Object.entries(OF_NEXUS), ...Object.entries(OF_REGIONS)].flatMap(([role, service]) =>
      service?.dataPath === undefined ? [] : role,
    ),
  ),
];

/** The container of a service, without the stack's prefix; undefined where there is no such service. */
export function containerOf({ region, role }: Owner): string | undefined {
  if (region === NEXUS) return OF_NEXUS[role]?.container;
  return OF_REGIONS[role] && regionContainer(region, role);
}

/** Name of the volume of a role's data, without the stack's prefix; undefined where there is no such role. */
export function dataVolumeOf(owner: Owner): string | undefined {
  const container = containerOf(owner);
  return container === undefined ? undefined : dataVolumeName(container);
}
