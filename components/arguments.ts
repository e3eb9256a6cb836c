import type * as docker from "@pulumi/docker";

/**
 * What the Docker provider does with a changed argument, whatever it reports:
 * - `in-place`: changes the running object; nothing restarts
 * - `replaces`: recreates the object
 * - `ignored`: reports an update and changes nothing
 * - `bookkeeping`: reports an update of its own records; the object has no such property
 */
export type Effect = "in-place" | "replaces" | "ignored" | "bookkeeping";

/** How a change that the provider ignores happens all the same: by our hook, or by `replaceOnChanges`. */
export type Remedy = "hook" | "replacement";

/** One argument: what it is in the operator's words, and what a change of it does. */
export type ArgumentRow = { what: string } & (
  | { provider: Exclude<Effect, "ignored"> }
  | { provider: "ignored"; remedy: Remedy }
);

// The only arguments that the components may set. test/engine/conformance.test.ts changes each of them on a real
// object; the components' types keep others out; REPLACE_ON_CHANGES and the impact report follow from it.

export const CONTAINER_ARGUMENTS = {
  capabilities: { what: "capabilities", provider: "replaces" },
  cpuPeriod: { what: "CPU", provider: "ignored", remedy: "replacement" },
  cpuQuota: { what: "CPU", provider: "ignored", remedy: "hook" },
  destroyGraceSeconds: { what: "stop grace", provider: "bookkeeping" },
  deviceCgroupRules: { what: "device rules", provider: "replaces" },
  entrypoints: { what: "program", provider: "replaces" },
  envs: { what: "environment", provider: "replaces" },
  healthcheck: { what: "health check", provider: "ignored", remedy: "replacement" },
  image: { what: "image", provider: "replaces" },
  init: { what: "init process", provider: "ignored", remedy: "replacement" },
  labels: { what: "labels", provider: "replaces" },
  logDriver: { what: "log driver", provider: "replaces" },
  memory: { what: "memory", provider: "in-place" },
  memorySwap: { what: "memory", provider: "in-place" },
  mounts: { what: "mounts", provider: "ignored", remedy: "replacement" },
  mustRun: { what: "must run", provider: "bookkeeping" },
  name: { what: "container name", provider: "replaces" },
  networkMode: { what: "network mode", provider: "replaces" },
  networksAdvanced: { what: "networks", provider: "replaces" },
  ports: { what: "published ports", provider: "replaces" },
  readOnly: { what: "read-only root", provider: "replaces" },
  restart: { what: "restart policy", provider: "in-place" },
  securityOpts: { what: "security options", provider: "replaces" },
  shmSize: { what: "shared memory", provider: "replaces" },
  tmpfs: { what: "scratch folders", provider: "ignored", remedy: "replacement" },
  user: { what: "user", provider: "replaces" },
  volumes: { what: "volumes", provider: "replaces" },
  wait: { what: "wait for the start", provider: "bookkeeping" },
  waitTimeout: { what: "wait for the start", provider: "bookkeeping" },
} as const satisfies { [Name in keyof docker.ContainerArgs]?: ArgumentRow };

/** A replaced network takes every container on it down and up again. */
export const NETWORK_ARGUMENTS = {
  driver: { what: "network driver", provider: "replaces" },
  internal: { what: "route out", provider: "replaces" },
  ipamConfigs: { what: "address range", provider: "replaces" },
  labels: { what: "labels", provider: "replaces" },
  name: { what: "network name", provider: "replaces" },
} as const satisfies { [Name in keyof docker.NetworkArgs]?: ArgumentRow };

/** A replaced volume is removed with what it holds: rendered files, which are written again. */
export const VOLUME_ARGUMENTS = {
  driver: { what: "volume driver", provider: "replaces" },
  name: { what: "volume name", provider: "replaces" },
} as const satisfies { [Name in keyof docker.VolumeArgs]?: ArgumentRow };

/** What the components may give a container, a network, a volume: an argument without a row does not compile. */
export type ContainerArguments = Pick<docker.ContainerArgs, keyof typeof CONTAINER_ARGUMENTS>;
export type NetworkArguments = Pick<docker.NetworkArgs, keyof typeof NETWORK_ARGUMENTS>;
export type VolumeArguments = Pick<docker.VolumeArgs, keyof typeof VOLUME_ARGUMENTS>;

/**
 * For the option `replaceOnChanges` of every container: what the provider only pretends to change and no hook does.
 * `#initerror` turns a container of which the provider did not see that it runs into a replacement at the next `up`.
 */
export const REPLACE_ON_CHANGES: string[] = [
  ...Object.entries<ArgumentRow>(CONTAINER_ARGUMENTS)
    .filter(([, row]) => row.provider === "ignored" && row.remedy === "replacement")
    .map(([name]) => name),
  "#initerror",
];
