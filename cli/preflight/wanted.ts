import { DISK_KEEPER } from "../../components/disk/access";
import { NEXUS_CONTAINERS, regionContainer, regionNetwork, SHARED_NETWORKS } from "../../components/layout";
import type { Platform } from "../../platform";
import { limitsByRole } from "../../regions/budget";

/** What a stack will take on the Docker host, each with the setting that changes it. */
export interface Wanted {
  containers: string[];
  networks: WantedNetwork[];
  ports: WantedPort[];
  images: string[];
  /** Setting of the name prefix, for messages. */
  namePrefix: string;
}

export interface WantedNetwork {
  name: string;
  cidr: string;
  setting: string;
}

export interface WantedPort {
  address: string;
  port: number;
  setting: string;
}

/** Lists what the platform will use. Pure. */
export function wantedOf(platform: Platform, images: string[]): Wanted {
  const { settings, networks, regions } = platform;
  const prefix = settings.namePrefix;
  const regionNames = regions.flatMap(({ name, budget }) =>
    limitsByRole(budget).map(([role]) => regionContainer(name, role)),
  );
  return {
    containers: [...Object.values(NEXUS_CONTAINERS), DISK_KEEPER, ...regionNames].map(
      (name) => prefix + name,
    ),
    networks: [
      { name: prefix + SHARED_NETWORKS.nexus, cidr: networks.nexus.subnet, setting: "nexus:networks.nexus" },
      {
        name: prefix + SHARED_NETWORKS.regional,
        cidr: networks.regional.subnet,
        setting: "nexus:networks.regional",
      },
      ...regions.map(({ name, addresses }) => ({
        name: prefix + regionNetwork(name),
        cidr: addresses.subnet,
        setting: "nexus:networks.regions",
      })),
    ],
    ports: [
      {
        address: settings.gateway.address,
        port: settings.gateway.httpPort,
        setting: "nexus:gateway.httpPort",
      },
      ...Object.entries(settings.publish).flatMap(([key, port]) =>
        port === undefined
          ? []
          : [{ address: "127.0.0.1", port: Number(port), setting: `nexus:publish.${key}` }],
      ),
    ],
    images: [...new Set(images)].sort(),
    namePrefix: prefix,
  };
}
