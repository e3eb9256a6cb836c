import type * as pulumi from "@pulumi/pulumi";
import { REGION_LABEL, ROLE_LABEL, STACK_LABEL } from "../catalog/names";
import type { Images } from "../images/table";
import type { DockerHost } from "../settings";

/** Where and how the containers of one stack run; the same value is handed to every component of the stack. */
export interface HostArgs {
  /** Image of every role. Changing a reference replaces the containers that run it. */
  images: Images;
  /** Absolute folder on the Docker host that holds all data. Must never change once data exists. */
  dataRoot: string;
  /** Prefix of every container, network and volume name, so that two stacks can share a host. */
  namePrefix: string;
  /** Identity of the stack, put on containers and networks so that leftovers of a killed run can be told apart. */
  stackId: pulumi.Input<string>;
  /** For people: what the data root says whose it is. Looked at when the root is first used, not when it changes. */
  stackName: string;
  /** Seconds between two health checks. Changing it replaces every container. */
  healthIntervalSeconds: number;
  /** Seconds of failing health tests after which a game server is restarted; 0: never. A change replaces those. */
  restartUnhealthySeconds: number;
  /** The Engine, for jobs that the provider has no resource for; default: `DOCKER_HOST`, else the local socket. */
  dockerHost?: DockerHost;
}

/** Whose container or network it is: a region's name, or the Nexus. Shown as Docker labels. */
export interface Owner {
  region: string;
  role: string;
}

/** Docker labels of one container or network, sorted by key because the provider compares them as a list. */
export function labels(host: HostArgs, owner: Owner): { label: string; value: pulumi.Input<string> }[] {
  return [
    { label: REGION_LABEL, value: owner.region },
    { label: ROLE_LABEL, value: owner.role },
    { label: STACK_LABEL, value: host.stackId },
  ];
}
