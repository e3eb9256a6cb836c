import { DISK_ACCESS, DISK_KEEPER, DISK_KEEPER_LIMITS, DISK_ROLE } from "../../components/disk/access";
import { PORT as GATEWAY_PORT } from "../../components/gateway/config";
import { NEXUS } from "../../components/host";
import {
  CONFIG_PATH,
  configVolumeName,
  dataFolder,
  dataVolumeName,
  HARDENING,
  LOOPBACK,
  NEXUS_CONTAINERS,
  PAGE_PORT,
  RESTART_POLICY,
  regionContainer,
  regionNetwork,
  SERVER_PORT,
  SHARED_NETWORKS,
} from "../../components/layout";
import { DATA_PATH as POSTGRES_DATA, PORT as POSTGRES_PORT } from "../../components/postgres/files";
import { DATA_PATH as REDIS_DATA, PORT as REDIS_PORT } from "../../components/redis/files";
import { DATA_PATH as STORAGE_DATA } from "../../components/storage/files";
import type { NexusRole } from "../../config/nexusBudget";
import type { Image, ImageRole } from "../../images/table";
import type { Platform } from "../../platform";
import { limitsByRole } from "../../regions/budget";
import type { RegionModel, RegionRole } from "../../regions/model";
import type { Expected, ExpectedContainer, ExpectedNetwork, ExpectedVolume, Mount } from "./expected";

/** What a role runs and where that keeps its files. The same rules as in the components; a unit test compares the two. */
interface Kind {
  image: ImageRole;
  port?: number;
  dataPath?: string;
  hasConfig?: boolean;
}

const POSTGRES: Kind = {
  image: "postgres",
  port: POSTGRES_PORT,
  dataPath: POSTGRES_DATA,
  hasConfig: true,
};
const REDIS: Kind = { image: "redis", port: REDIS_PORT, dataPath: REDIS_DATA, hasConfig: true };
const SERVER: Kind = { image: "gameServer", port: SERVER_PORT };

const NEXUS_KINDS: Record<NexusRole, Kind> = {
  server: SERVER,
  db: POSTGRES,
  redis: REDIS,
  gateway: { image: "nginx", port: GATEWAY_PORT, hasConfig: true },
  adminUi: { image: "adminUi", port: PAGE_PORT },
  playerClient: { image: "playerClient", port: PAGE_PORT },
};

const REGION_KINDS: Record<RegionRole, Kind> = {
  server: SERVER,
  db: POSTGRES,
  cache: REDIS,
  worker: { image: "worker" },
  storage: { image: "nginx", dataPath: STORAGE_DATA, hasConfig: true },
};

/**
 * Lists everything that a stack's files declare. Pure: neither Docker nor Pulumi's state is asked.
 * @param keeper image of what keeps the disk limits; undefined where the stack has none
 */
export function expected(
  platform: Platform,
  images: Record<ImageRole, Image>,
  keeper: Image | undefined,
): Expected {
  const parts = [
    nexusOf(platform, images),
    ...platform.regions.map((one) => regionOf(one, platform, images)),
  ];
  return {
    containers: [
      ...parts.flatMap(({ containers }) => containers),
      ...(keeper ? [keeperOf(platform.settings, keeper)] : []),
    ],
    networks: parts.flatMap(({ networks }) => networks),
    volumes: parts.flatMap(({ volumes }) => volumes),
    regions: [
      { name: NEXUS, diskBytes: platform.nexus.diskBytes },
      ...platform.regions.map(({ name, resources }) => ({ name, diskBytes: resources.diskBytes })),
    ],
    diskRequired: platform.settings.diskLimit === "require",
  };
}

type Part = Omit<Expected, "regions" | "diskRequired">;

function nexusOf({ settings, nexus, networks }: Platform, images: Record<ImageRole, Image>): Part {
  const { namePrefix, gateway, publish } = settings;
  const external: Partial<Record<NexusRole, { external: number | undefined; ip: string }>> = {
    gateway: { external: gateway.httpPort, ip: gateway.address },
    server: { external: publish.nexusServer, ip: LOOPBACK },
    db: { external: publish.nexusDb, ip: LOOPBACK },
    redis: { external: publish.redis, ip: LOOPBACK },
    adminUi: { external: publish.adminUi, ip: LOOPBACK },
    playerClient: { external: publish.playerClient, ip: LOOPBACK },
  };
  const parts = (Object.keys(NEXUS_CONTAINERS) as NexusRole[]).map((role) => {
    const kind = NEXUS_KINDS[role];
    const name = NEXUS_CONTAINERS[role];
    const published = external[role];
    const joined = [SHARED_NETWORKS.nexus, ...(facesRegions(role) ? [SHARED_NETWORKS.regional] : [])];
    return containerOf(kind, images, settings, {
      region: NEXUS,
      role,
      name,
      limits: nexus.limits[role],
      networks: joined.map((network) => ({ network: namePrefix + network, aliases: [name] })),
      ports:
        published?.external === undefined || kind.port === undefined
          ? []
          : [{ internal: kind.port, external: published.external, ip: published.ip }],
    });
  });
  const shared = (network: keyof typeof SHARED_NETWORKS): ExpectedNetwork => ({
    region: NEXUS,
    name: namePrefix + SHARED_NETWORKS[network],
    subnet: networks[network].subnet,
    gateway: networks[network].gateway,
    internal: false,
  });
  return {
    containers: parts.map(({ container }) => container),
    volumes: parts.flatMap(({ volumes }) => volumes),
    networks: [shared("nexus"), shared("regional")],
  };
}

/** The Nexus' own front doors to the regions. */
function facesRegions(role: NexusRole): boolean {
  return role === "server" || role === "gateway";
}

function regionOf(region: RegionModel, { settings }: Platform, images: Record<ImageRole, Image>): Part {
  const { namePrefix } = settings;
  const { name, addresses, budget } = region;
  const parts = limitsByRole(budget).map(([role, limits]) => {
    const aliases = [regionContainer(name, role)];
    const own = { network: namePrefix + regionNetwork(name), aliases, address: addresses.hosts[role] };
    const front = { network: namePrefix + SHARED_NETWORKS.regional, aliases, address: addresses.regional };
    return containerOf(REGION_KINDS[role], images, settings, {
      region: name,
      role,
      name: regionContainer(name, role),
      limits,
      networks: role === "server" ? [own, front] : [own],
      ports: [],
    });
  });
  const { subnet, gateway } = addresses;
  return {
    containers: parts.map(({ container }) => container),
    volumes: parts.flatMap(({ volumes }) => volumes),
    networks: [{ region: name, name: namePrefix + regionNetwork(name), subnet, gateway, internal: true }],
  };
}

/** Completes a container with what follows from its kind. */
function containerOf(
  kind: Kind,
  images: Record<ImageRole, Image>,
  { namePrefix, dataRoot }: Platform["settings"],
  own: Pick<ExpectedContainer, "region" | "role" | "name" | "limits" | "networks" | "ports">,
): { container: ExpectedContainer; volumes: ExpectedVolume[] } {
  const { region } = own;
  const config = namePrefix + configVolumeName(own.name);
  const data = namePrefix + dataVolumeName(own.name);
  const { ref, user } = images[kind.image];
  const mounts: Mount[] = [];
  const volumes: ExpectedVolume[] = [];
  if (kind.hasConfig) {
    mounts.push({ type: "volume", source: config, path: CONFIG_PATH, readOnly: true });
    volumes.push({ region, name: config });
  }
  if (kind.dataPath !== undefined) {
    mounts.push({ type: "volume", source: data, path: kind.dataPath, readOnly: false });
    volumes.push({ region, name: data, folder: dataFolder(dataRoot, own), user });
  }
  const container: ExpectedContainer = {
    ...own,
    name: namePrefix + own.name,
    image: ref,
    user,
    mounts,
    restartPolicy: RESTART_POLICY,
    hardening: { capAdd: [], securityOpt: HARDENING.securityOpts, deviceRules: [] },
  };
  return { container, volumes };
}

/** The one container on the allow-list. Whether the host can do what it does, and it is there, only the host tells. */
function keeperOf(
  { namePrefix, dataRoot, diskLimit }: Platform["settings"],
  image: Image,
): ExpectedContainer {
  const bind = (folder: string): Mount => ({ type: "bind", source: folder, path: folder, readOnly: false });
  return {
    region: NEXUS,
    role: DISK_ROLE,
    name: namePrefix + DISK_KEEPER,
    limits: DISK_KEEPER_LIMITS,
    image: image.ref,
    user: DISK_ACCESS.user,
    networks: [],
    ports: [],
    mounts: [...DISK_ACCESS.folders, dataRoot].map(bind),
    // It is needed at a reboot.
    restartPolicy: "always",
    hardening: {
      capAdd: DISK_ACCESS.capabilities,
      securityOpt: [...HARDENING.securityOpts, ...DISK_ACCESS.securityOpts],
      deviceRules: DISK_ACCESS.deviceCgroupRules,
    },
    ...(diskLimit === "accept" && { optional: true }),
  };
}
