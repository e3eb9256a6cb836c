import { dataVolumeName, NEXUS, regionContainer } from "./names";
import { NEXUS_SERVICES } from "./nexus";
import { REGION_SERVICES } from "./region";
import type { NexusService, RegionService, Service } from "./service";

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
