import type { ContainerLimits } from "../config/tuning";
import type { Image } from "../images/image";
import type { HostAccess } from "./keeper";
import { HARDENING } from "./names";
import type { SharedNetwork } from "./service";

/**
 * Everything that a stack shall have on its Docker host, in the host's terms: the components make it, `verify` looks
 * whether it is so, everybody else counts it. Names carry the stack's prefix.
 */
export interface Desired {
  containers: DesiredContainer[];
  networks: DesiredNetwork[];
  volumes: DesiredVolume[];
  /** The Nexus' first, then one of each region. */
  disks: DesiredDisk[];
  /** Must the disk limits be enforced, or does the stack accept a host that cannot? */
  diskRequired: boolean;
}

export interface DesiredContainer {
  /** Region's name, or that of the Nexus. */
  region: string;
  role: string;
  name: string;
  /** Its name in DNS on all its networks; without the stack's prefix. */
  hostname: string;
  limits: ContainerLimits;
  image: Image;
  /** Numeric `uid:gid`. */
  user: string;
  networks: Endpoint[];
  ports: Port[];
  /** Name of the volume with its rendered files. */
  config?: string;
  data?: DataMount;
  mounts: Mount[];
  restartPolicy: string;
  /** Seconds between the stop signal and SIGKILL. */
  stopGraceSeconds: number;
  /** What it may do beyond nothing. */
  access?: HostAccess;
  /** Whether it is there depends on what the host can do: missing, it is no drift. */
  isOptional?: true;
}

/** A container's data: a volume that is a name for a folder of the host. */
export interface DataMount {
  volume: string;
  folder: string;
  /** Where the container finds it. */
  path: string;
}

/** A container's place in a network. */
export interface Endpoint {
  /** Which it is, whatever it is called. */
  kind: SharedNetwork | "own";
  network: string;
  /** DNS names there. */
  aliases: string[];
  /** Fixed address; undefined where any will do. */
  address?: string;
}

/** A published port. */
export interface Port {
  internal: number;
  external: number;
  ip: string;
  /** The setting that publishes it. */
  setting: string;
}

export interface Mount {
  type: "volume" | "bind";
  /** Volume's name, or the folder of the host. */
  source: string;
  path: string;
  readOnly: boolean;
}

export interface DesiredNetwork {
  region: string;
  name: string;
  subnet: string;
  gateway: string;
  /** Part of the subnet for addresses that nobody asked for; absent: all of it. */
  ipRange?: string;
  /** No route out of it. */
  internal: boolean;
  /** The setting that its range comes from. */
  setting: string;
}

export interface DesiredVolume {
  region: string;
  name: string;
  /** Folder on the host that it is a name for; undefined for one that Docker keeps itself. */
  folder?: string;
  /** Numeric `uid:gid` whose alone the folder is; there with the folder. */
  user?: string;
}

export interface DesiredDisk {
  region: string;
  sizeBytes: number;
}

/** What a container may do beyond nothing; all lists are empty but for the keeper's. */
export interface Hardening {
  capAdd: readonly string[];
  securityOpt: readonly string[];
  /** Device classes that it may use, as `b|c major:minor rwm`. */
  deviceRules: readonly string[];
}

export function hardeningOf({ access }: Pick<DesiredContainer, "access">): Hardening {
  return {
    capAdd: access?.capabilities ?? [],
    securityOpt: [...HARDENING.securityOpts, ...(access?.securityOpts ?? [])],
    deviceRules: access?.deviceCgroupRules ?? [],
  };
}

/** What a region, or the Nexus, has of it. */
export function containersOf(desired: Pick<Desired, "containers">, region: string): DesiredContainer[] {
  return desired.containers.filter((container) => container.region === region);
}

/** @throws RangeError where nothing has that role */
export function containerIn(
  desired: Pick<Desired, "containers">,
  owner: { region: string; role: string },
): DesiredContainer {
  const found = desired.containers.find(({ region, role }) => region === owner.region && role === owner.role);
  if (!found) throw new RangeError(`${owner.region} has no container with the role ${owner.role}`);
  return found;
}

/** @throws RangeError where there is no such network */
export function networkNamed(desired: Pick<Desired, "networks">, name: string): DesiredNetwork {
  const found = desired.networks.find((network) => network.name === name);
  if (!found) throw new RangeError(`no network is called ${name}`);
  return found;
}
