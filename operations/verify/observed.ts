import type { Endpoint, Mount, Port } from "../../catalog/desired";
import type { RootFacts } from "../../components/dataRoot";
import type { ReadLimits } from "./cgroup";
import type { RegionDisk } from "./disk";

/** What a Docker host holds of a stack, and what its kernel enforces. Plain data: compared, never asked again. */
export interface Observed {
  /** Identity of the stack, from the labels of its containers; undefined when there is none. */
  stackId?: string;
  /** Everything with the stack's label or with a name that its files declare. */
  containers: ObservedContainer[];
  /** All containers of the host that are on one of the stack's networks, the stack's own included. */
  members: Member[];
  /** The stack's networks, by label or by declared name. */
  networks: ObservedNetwork[];
  volumes: { name: string; folder?: string }[];
  /** The data root and the data folders in it; undefined when there was nothing to look with. */
  root?: RootFacts;
  /** By region; a region that is missing was not looked at. */
  disks: ReadonlyMap<string, RegionDisk>;
}

export interface ObservedContainer {
  id: string;
  name: string;
  /** Label of the stack that made it. */
  stack?: string;
  /** Label; the region's name. */
  region?: string;
  /** Docker's word: `running`, `exited`, `paused`, `restarting`, ... */
  state: string;
  /** Docker's word: `healthy`, `unhealthy`, `starting`; undefined without a health check. */
  health?: string;
  image: string;
  user: string;
  restartPolicy: string;
  hasHealthCheck: boolean;
  /** What the Engine was told, and sets again at the next start. */
  configured: ReadLimits;
  /** What is enforced now, and who says so; undefined for a container that does not run. */
  enforced?: { source: LimitSource; limits: ReadLimits };
  hardening: ObservedHardening;
  networks: ObservedEndpoint[];
  ports: ObservedPort[];
  mounts: ObservedMount[];
  /** By Docker, after the container ended by itself. */
  restarts: number;
  /** Processes that the kernel killed at the memory limit since the last start; undefined when nobody tells. */
  kills?: number;
}

/** `kernel`: the control groups' files on this machine. `engine`: what the Engine says of another machine's kernel. */
export type LimitSource = "kernel" | "engine";

export interface ObservedHardening {
  readOnly: boolean;
  privileged: boolean;
  capDrop: string[];
  capAdd: string[];
  securityOpt: string[];
  /** Namespaces of the host that it shares: `pid`, `ipc`, `network`, `uts`, `user`. */
  hostNamespaces: string[];
  devices: string[];
  /** Device classes that it may use. */
  deviceRules: string[];
  /** What the kernel says of the first process; only on this machine. */
  kernel?: { capabilities: string; noNewPrivileges: boolean };
}

export type ObservedPort = Omit<Port, "setting">;

export interface ObservedEndpoint extends Omit<Endpoint, "kind"> {
  /** The address that it was given by whoever connected it. */
  fixed?: string;
}

export interface ObservedMount extends Omit<Mount, "type"> {
  /** `volume`, `bind`, `tmpfs`, ... */
  type: string;
  /** `major:minor` of the file system that the kernel has there; only on this machine. */
  device?: string;
}

export interface ObservedNetwork {
  id: string;
  name: string;
  stack?: string;
  subnet?: string;
  gateway?: string;
  internal: boolean;
}

export interface Member {
  network: string;
  container: string;
  address?: string;
}
