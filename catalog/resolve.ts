import type { ContainerLimits } from "../config/tuning";
import type { Images } from "../images/table";
import type { RegionModel, SharedAddresses } from "../regions/model";
import type { Settings } from "../settings";
import type {
  Desired,
  DesiredContainer,
  DesiredNetwork,
  DesiredVolume,
  Endpoint,
  Mount,
  Port,
} from "./desired";
import { DISK_ACCESS, DISK_KEEPER, DISK_ROLE } from "./keeper";
import {
  CONFIG_PATH,
  configVolumeName,
  dataFolder,
  dataVolumeName,
  LOOPBACK,
  NEXUS,
  RESTART_POLICY,
  regionContainer,
  regionNetwork,
  SHARED_NETWORKS,
} from "./names";
import { NEXUS_SERVICES, type NexusRole } from "./nexus";
import { REGION_SERVICES } from "./region";
import type { NexusService, RegionService, Service, SharedNetwork } from "./service";
import { NEXUS_ROLES, REGION_ROLES } from "./services";

/** What a stack's files say, as far as it decides what is on the host. */
export interface Source {
  settings: Pick<Settings, "namePrefix" | "dataRoot" | "gateway" | "publish" | "diskLimit">;
  nexus: { limits: Record<NexusRole, ContainerLimits>; diskBytes: number };
  networks: SharedAddresses;
  regions: readonly RegionModel[];
  images: Images;
}

/** The catalogue applied to a stack. Pure: neither Docker nor Pulumi's state is asked. */
export function resolve(source: Source): Desired {
  const { nexus, regions, settings } = source;
  const containers = [
    ...NEXUS_ROLES.map((role) => nexusContainer(role, source)),
    ...regions.flatMap((region) => regionContainers(region, source)),
  ];
  return {
    containers: [...containers, ...diskKeeper(source)],
    networks: [
      sharedNetwork("nexus", source),
      sharedNetwork("regional", source),
      ...regions.map((region) => ownNetwork(region, settings.namePrefix)),
    ],
    volumes: containers.flatMap(volumesOf),
    disks: [
      { region: NEXUS, sizeBytes: nexus.diskBytes },
      ...regions.map(({ name, resources }) => ({ region: name, sizeBytes: resources.diskBytes })),
    ],
    diskRequired: settings.diskLimit === "require",
  };
}

function nexusContainer(role: NexusRole, source: Source): DesiredContainer {
  const { settings, nexus } = source;
  const service: NexusService = NEXUS_SERVICES[role];
  const { container: hostname } = service;
  return completed(service, source, {
    ...{ region: NEXUS, role, hostname, limits: nexus.limits[role] },
    networks: service.networks.map((kind) => ({
      kind,
      network: settings.namePrefix + SHARED_NETWORKS[kind],
      aliases: [hostname],
    })),
    ports: portsOf(service, settings),
  });
}

function portsOf(
  { port, publish, isGateway }: NexusService,
  { gateway, publish: chosen }: Source["settings"],
): Port[] {
  if (port === undefined) return [];
  if (isGateway)
    return [
      { internal: port, external: gateway.httpPort, ip: gateway.address, setting: "nexus:gateway.httpPort" },
    ];
  const external = publish && (chosen as Partial<Record<string, number>>)[publish.setting];
  if (!publish || external === undefined) return [];
  return [{ internal: port, external, ip: LOOPBACK, setting: `nexus:publish.${publish.setting}` }];
}

function regionContainers({ name, addresses, budget }: RegionModel, source: Source): DesiredContainer[] {
  const { namePrefix } = source.settings;
  return REGION_ROLES.flatMap((role) => {
    const service: RegionService = REGION_SERVICES[role];
    const limits = budget.limits[role];
    if (!limits) return [];
    const hostname = regionContainer(name, role);
    const aliases = [hostname];
    const own = { network: namePrefix + regionNetwork(name), aliases, address: addresses.hosts[role] };
    // A fixed address: a freed one could otherwise be given to another region while the gateway remembers it.
    const regional = { network: namePrefix + SHARED_NETWORKS.regional, aliases, address: addresses.regional };
    const networks: Endpoint[] = [
      { kind: "own", ...own },
      ...(service.isRegional ? [{ kind: "regional" as const, ...regional }] : []),
    ];
    return [completed(service, source, { region: name, role, hostname, limits, networks, ports: [] })];
  });
}

type OwnFacts = Pick<DesiredContainer, "region" | "role" | "hostname" | "limits" | "networks" | "ports">;

/** Adds what follows from the service. */
function completed(service: Service, { settings, images }: Source, own: OwnFacts): DesiredContainer {
  const { namePrefix, dataRoot } = settings;
  const { image: role, hasConfig, dataPath, stopGraceSeconds } = service;
  const image = images[role];
  if (!image) throw new RangeError(`no image is given for ${role}`);
  const config = hasConfig && namePrefix + configVolumeName(own.hostname);
  const data =
    dataPath === undefined
      ? undefined
      : {
          volume: namePrefix + dataVolumeName(own.hostname),
          folder: dataFolder(dataRoot, own),
          path: dataPath,
        };
  const mount = (source: string, path: string, readOnly: boolean): Mount => ({
    type: "volume",
    source,
    path,
    readOnly,
  });
  return {
    ...own,
    name: namePrefix + own.hostname,
    image,
    user: image.user,
    ...(config && { config }),
    ...(data && { data }),
    mounts: [
      ...(config ? [mount(config, CONFIG_PATH, true)] : []),
      ...(data ? [mount(data.volume, data.path, false)] : []),
    ],
    restartPolicy: RESTART_POLICY,
    stopGraceSeconds,
  };
}

/** The one container with access to the host. Whether the host can do what it does, and it is there, only the host tells. */
function diskKeeper({ settings: { namePrefix, dataRoot, diskLimit }, images }: Source): DesiredContainer[] {
  const { disk: image } = images;
  const { container, limits, stopGraceSeconds } = DISK_KEEPER;
  const bind = (folder: string): Mount => ({ type: "bind", source: folder, path: folder, readOnly: false });
  if (!image) return [];
  return [
    {
      ...{ region: NEXUS, role: DISK_ROLE, name: namePrefix + container, hostname: container },
      ...{ limits, image, user: DISK_ACCESS.user, networks: [], ports: [], stopGraceSeconds },
      mounts: [...DISK_ACCESS.folders, dataRoot].map(bind),
      // It is needed at a reboot, even if somebody stopped it before.
      restartPolicy: "always",
      access: DISK_ACCESS,
      ...(diskLimit === "accept" && { isOptional: true }),
    },
  ];
}

function volumesOf({ region, config, data, user }: DesiredContainer): DesiredVolume[] {
  return [
    ...(config ? [{ region, name: config }] : []),
    ...(data ? [{ region, name: data.volume, folder: data.folder, user }] : []),
  ];
}

function sharedNetwork(kind: SharedNetwork, { settings, networks }: Source): DesiredNetwork {
  return {
    ...{ region: NEXUS, name: settings.namePrefix + SHARED_NETWORKS[kind] },
    ...networks[kind],
    ...{ internal: false, setting: `nexus:networks.${kind}` },
  };
}

function ownNetwork(
  { name, addresses: { subnet, gateway } }: RegionModel,
  namePrefix: string,
): DesiredNetwork {
  const setting = "nexus:networks.regions";
  return { region: name, name: namePrefix + regionNetwork(name), subnet, gateway, internal: true, setting };
}
