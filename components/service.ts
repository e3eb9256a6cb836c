import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { DesiredContainer, Endpoint } from "../catalog/desired";
import type { ConfigFile } from "./configFiles";
import type { HostArgs } from "./host";
import type { PlainFile } from "./putFiles";
import type { Starts } from "./ready/starts";
import type { LiveTuning } from "./resize";
import type { AreaSecrets } from "./secrets";

/** What all containers of a region, or of the Nexus, have in common. */
export interface Area {
  host: HostArgs;
  /** Names of the networks as outputs of them, so that destroy keeps the order. A change replaces. */
  networks: Partial<Record<Endpoint["kind"], pulumi.Input<string>>>;
  /** Its containers while they start. */
  starts: Starts;
}

export interface ServiceContainerArgs {
  area: Area;
  /** What it shall be: limits and stop grace change in place, everything else replaces. */
  desired: DesiredContainer;
  /** Docker health check in exec form (`CMD`, ... or `CMD-SHELL`, ...), which tells as well when it is ready. A change replaces. */
  health: string[];
  /** Roles of its area that must be ready before it is made; default: none. */
  after?: readonly string[];
  /** Seconds between two health checks; default: the host's. A change replaces. */
  healthIntervalSeconds?: number;
  /** Seconds after which a health check counts as failed; default 5. A change replaces. */
  healthTimeoutSeconds?: number;
  /** Seconds after the start in which failing checks do not count; default 60. A change replaces. */
  startPeriodSeconds?: number;
  /** Docker's own first process, which passes signals on; default: the program is the first. A change replaces. */
  init?: boolean;
  /** Program and arguments; default: the image's, or what is to be run in place of it. A change replaces. */
  entrypoint?: string[];
  /** Environment variables, secrets as secret outputs; default: the image's alone. A change replaces. */
  env?: Record<string, pulumi.Input<string>>;
  /** Names of the variables that an operator has encrypted; shown as a label. A change replaces. */
  secretVariables?: string[];
  /** Files that are written before the container is made; a change replaces it. */
  config?: ServiceConfig;
  /** Makes what its data is kept in, once a run; called before it is made. */
  prepare?: () => Promise<void>;
  /** Scratch folders in memory, path to mount options; they count against the memory limit. A change replaces. */
  tmpfs?: Record<string, string>;
  /** Size of /dev/shm in bytes; default 64 MB. A change replaces. */
  shmBytes?: number;
}

/** Rendered files, in a read-only volume of their own. */
export interface ServiceConfig {
  volume: docker.Volume;
  files: ConfigFile[];
  /** Files that change without recreating the container; one of these is written in place of its namesake above. */
  live?: () => Promise<PlainFile[]>;
  /** What follows from the limits and changes with them, while the service runs. */
  tuning?: LiveTuning;
}

/** A region, or the Nexus, as those of its services see it that keep data. */
export interface DataArea extends Area {
  /** What its passwords come from. */
  secrets: AreaSecrets;
  /** Size of the disk that all its data is on; undefined on a host that keeps no limit. */
  diskBytes?: number;
  /** Whose data it is: the region's owner, or the Nexus. Compared with the folder before a container is made. */
  tenant: string;
}

/** What all services that keep data are told from outside. */
export interface DataServiceArgs {
  area: DataArea;
  /** Limits change in place, and the service is told of them; everything else replaces its container. */
  desired: DesiredContainer;
}
