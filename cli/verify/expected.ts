import type { ContainerLimits } from "../../config/tuning";

/** What the files of a stack promise, in the terms in which it can be looked up on the host. */
export interface Expected {
  containers: ExpectedContainer[];
  networks: ExpectedNetwork[];
  volumes: ExpectedVolume[];
  /** Regions, the Nexus first, each with its disk limit. */
  regions: { name: string; diskBytes: number }[];
  /** Must the disk limits be enforced, or does the stack accept a host that cannot? */
  diskRequired: boolean;
}

export interface ExpectedContainer {
  /** Region's name, or that of the Nexus. */
  region: string;
  role: string;
  name: string;
  limits: ContainerLimits;
  image: string;
  /** Numeric `uid:gid`. */
  user: string;
  networks: Endpoint[];
  ports: Port[];
  mounts: Mount[];
  restartPolicy: string;
  hardening: ExpectedHardening;
  /** Whether it is there depends on what the host can do: missing, it is no gap. */
  optional?: true;
}

/** What a container may do beyond nothing; all lists are empty but for the allow-list's few. */
export interface ExpectedHardening {
  capAdd: readonly string[];
  securityOpt: readonly string[];
  /** Device classes that it may use, as `b|c major:minor rwm`. */
  deviceRules: readonly string[];
}

/** A container's place in a network. */
export interface Endpoint {
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
}

export interface Mount {
  type: "volume" | "bind";
  /** Volume's name, or the folder of the host. */
  source: string;
  path: string;
  readOnly: boolean;
}

export interface ExpectedNetwork {
  region: string;
  name: string;
  subnet: string;
  gateway: string;
  /** No route out of it. */
  internal: boolean;
}

export interface ExpectedVolume {
  region: string;
  name: string;
  /** Folder on the host that it is a name for; undefined for one that Docker keeps itself. */
  folder?: string;
  /** Numeric `uid:gid` whose alone the folder is; there with the folder. */
  user?: string;
}
