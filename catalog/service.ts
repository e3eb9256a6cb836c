import type { ContainerLimits } from "../config/tuning";
import type { ImageRole } from "./images";

/*
 * What a service is, as data. A fact stands here when two parts of the program read it; text, secrets and the order of
 * starts are the components' own. No functions and no inheritance, so that the table can be read.
 */

/** What services of the Nexus and of regions have alike. */
export interface Service {
  /** What it runs. A change replaces its container. */
  image: ImageRole;
  /** What it listens on in its container. A change replaces it where the port is published. */
  port?: number;
  /** Does it have rendered files, in a volume of their own? */
  hasConfig?: true;
  /** Where it finds the folder with its data; absent: it keeps none. A change replaces its container. */
  dataPath?: string;
  /** Seconds between the stop signal and SIGKILL. In place. */
  stopGraceSeconds: number;
  /**
   * Seconds in which it does not answer its own health test when its container is recreated: the longest that
   * `npm run bench -- interruption` measured on two cores (0.7 to 3.7), rounded up. Another machine differs.
   */
  interruptionSeconds: number;
}

/** Networks that all regions share. `own` is a region's. */
export type SharedNetwork = "nexus" | "regional";

export interface NexusService extends Service {
  /** Its container, and its name in DNS. A change is another container. */
  container: string;
  /** Limits by `nexus:profile`; a change is in place. */
  size: { specification: ContainerLimits; laptop: ContainerLimits };
  /** What it joins, where its name leads to it. A change replaces its container. */
  networks: readonly SharedNetwork[];
  /** How it is published on the host's loopback address, where a setting says so. */
  publish?: DirectAccess;
  /** It is the way in from outside, at the address and port of `nexus:gateway`. */
  isGateway?: true;
}

/** Direct access to a service, past the gateway. */
export interface DirectAccess {
  /** Key below `nexus:publish`. */
  setting: string;
  /** What a person is told it is. */
  what: string;
  scheme: "http" | "postgresql" | "redis";
  /** What answers there; absent: nothing that a browser shows. */
  path?: string;
}

export interface RegionService extends Service {
  /** Last number of its address in the region's network. A change replaces its container. */
  address: number;
  /** Is it on the regional network as well, where gateway and Nexus server reach it? */
  isRegional?: true;
  /** Its part of a region beside a worker, and of one without. A change is in place. */
  share: Share | JoinedShare;
  shareWithoutWorker?: Omit<Share, "pids">;
}

/** A part of a region: `base` first, then `weight` percent of what is left when all have their base. */
export interface Share {
  /** [base in thousandths of a CPU, weight] */
  cpu: readonly [base: number, weight: number];
  /** [base in bytes, weight] */
  memory: readonly [base: number, weight: number];
  pids: number;
}

/** The part of a service that regions got later: a fixed one, in those whose file has that `split` or a later one. */
export interface JoinedShare extends ContainerLimits {
  /** First version of the split that has it: 2 or more. */
  since: number;
}
