import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../catalog/names";

/** Types of the resources that policies judge, as the engine names them. */
export const CONTAINER = "docker:index/container:Container";
export const NETWORK = "docker:index/network:Network";
export const VOLUME = "docker:index/volume:Volume";
export const REGION = "nexus:region:RegionStack";
export const NEXUS_STACK = "nexus:nexus:NexusStack";

interface Label {
  label: string;
  value: string;
}

/** The arguments of a Docker container that policies read. Anything may be absent, or unknown in a preview. */
export interface ContainerProps {
  name?: string;
  image?: string;
  user?: string;
  labels?: Label[];
  envs?: string[];
  command?: string[];
  entrypoints?: string[];
  /** MiB. */
  memory?: number;
  /** MiB, memory included. */
  memorySwap?: number;
  cpus?: string;
  /** Microseconds of CPU time a period. */
  cpuQuota?: number;
  /** Microseconds. */
  cpuPeriod?: number;
  readOnly?: boolean;
  capabilities?: { adds?: string[]; drops?: string[] };
  securityOpts?: string[];
  deviceCgroupRules?: string[];
  networkMode?: string;
  networksAdvanced?: { name?: string }[];
  publishAllPorts?: boolean;
  ports?: { ip?: string; external?: number; internal?: number }[];
  volumes?: {
    volumeName?: string;
    hostPath?: string;
    containerPath?: string;
    readOnly?: boolean;
    fromContainer?: string;
  }[];
  mounts?: { source?: string; target?: string; type?: string }[];
  uploads?: { content?: string; contentBase64?: string }[];
  healthcheck?: { tests?: string[] };
  /** Absent means true. */
  mustRun?: boolean;
  destroyGraceSeconds?: number;
}

export interface VolumeProps {
  name?: string;
  driver?: string;
  driverOpts?: Record<string, string>;
  labels?: Label[];
  cluster?: unknown;
}

export interface NetworkProps {
  name?: string;
  labels?: Label[];
  ipamConfigs?: { subnet?: string; gateway?: string }[];
}

/** What a region's component says of itself. */
export interface RegionProps {
  name?: string;
  slot?: number;
  cpuMillis?: number;
  memoryBytes?: number;
  diskBytes?: number;
  players?: number;
  subnet?: string;
}

/** What the Nexus' component says of itself; its other limits are those of its containers. */
export interface NexusProps {
  diskBytes?: number;
}

/** Props of each type that policies judge. */
export interface PropsByType {
  [CONTAINER]: ContainerProps;
  [NETWORK]: NetworkProps;
  [VOLUME]: VolumeProps;
  [REGION]: RegionProps;
  [NEXUS_STACK]: NexusProps;
}

/** Whose a container or network is, from its labels; both are empty where it does not say. */
export { NEXUS };

export function ownerOf(props: { labels?: Label[] }): { region: string; role: string } {
  // Only the two are read: the value of another label may be unknown.
  const value = (key: string) => (props.labels ?? []).find(({ label }) => label === key)?.value ?? "";
  return { region: value(REGION_LABEL), role: value(ROLE_LABEL) };
}

/** 1000 = 1 CPU; 0 where no quota is set. */
export function cpuMillis({ cpuQuota, cpuPeriod }: ContainerProps): number {
  return cpuQuota && cpuPeriod ? (cpuQuota * 1000) / cpuPeriod : 0;
}

export function memoryBytes({ memory }: ContainerProps): number {
  return (memory ?? 0) * 2 ** 20;
}
