import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../images/table";
import type { ContainerLimits } from "../regions/model";
import { CHEAP, patience } from "../regions/patience";
import { type ContainerArguments, REPLACE_ON_CHANGES } from "./arguments";
import { type ConfigFile, digest } from "./configFiles";
import { CONFIG_LABEL, type HostArgs, labels, type Owner, SECRET_VARIABLES_LABEL } from "./host";
import { HARDENING, RESTART_POLICY } from "./layout";
import { CPU_PERIOD_MICROS, cpuQuota, type LiveTuning } from "./resize";
import { resizeHooks } from "./resizeHooks";
import type { StartCpu } from "./start/startCpu";

/** A network that the container joins. */
export interface Attachment {
  /** Network name as an output of the network, so that destroy keeps the order. A change replaces. */
  name: pulumi.Input<string>;
  /** DNS names on this network. A change replaces the container. */
  aliases: string[];
  /** Fixed address; default: any free one. A change replaces the container. */
  ipv4Address?: string;
}

export interface ServiceContainerArgs {
  host: HostArgs;
  owner: Owner;
  /** Container name without the stack's prefix. A change replaces. */
  containerName: string;
  /** What it runs, as whom, with which command. A change replaces. */
  image: Image;
  /** Hard limits. A change is in place: no restart, no replacement. */
  limits: ContainerLimits;
  /** What its region, or the Nexus, lends it while it starts; default: nothing. */
  startCpu?: StartCpu;
  /** None: no network at all, not even Docker's own. */
  networks: Attachment[];
  /** Docker health check in exec form (`CMD`, ... or `CMD-SHELL`, ...). A change replaces. */
  health: string[];
  /** Seconds that Docker waits between the stop signal and SIGKILL. In place (used by the next stop). */
  stopGraceSeconds: number;
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
  /** Data volumes. A change replaces the container, never the data. */
  volumes?: { volumeName: pulumi.Input<string>; containerPath: string }[];
  /** Scratch folders in memory, path to mount options; they count against the memory limit. A change replaces. */
  tmpfs?: Record<string, string>;
  /** Published ports, default none; only the gateway publishes beyond loopback. A change replaces. */
  publish?: { internal: number; external: number; ip: string }[];
  /** Size of /dev/shm in bytes; default 64 MB. A change replaces. */
  shmBytes?: number;
  /** For the one container that must reach the host; default: none. A change replaces. */
  access?: HostAccess;
}

/** Access to the Docker host beyond what containers have. */
export interface HostAccess {
  /** Numeric "uid:gid", instead of the image's. */
  user: string;
  /** With their `CAP_`, sorted. */
  capabilities: readonly string[];
  /** Beside `no-new-privileges`. */
  securityOpts: readonly string[];
  /** Device classes, as `b|c major:minor rwm`. */
  deviceCgroupRules: readonly string[];
  /** Folders of the host, at the same path in the container. */
  folders: readonly string[];
  /** A folder of the host in which a mount made on either side appears on both. */
  shared: string;
}

/** Rendered files, in a read-only volume of their own. */
export interface ServiceConfig {
  volume: docker.Volume;
  /** Where the volume is mounted. */
  path: string;
  files: ConfigFile[];
  /** What follows from the limits and changes with them, while the service runs. */
  tuning?: LiveTuning;
}

/**
 * The only place that makes a long-running container. It emits the values as the Engine reads them back
 * (durations as "1m0s", one canonical form of every list), so that a second `up` has nothing to do.
 */
export function serviceContainer(
  name: string,
  args: ServiceContainerArgs,
  opts: pulumi.CustomResourceOptions,
): docker.Container {
  const ours: pulumi.CustomResourceOptions = {
    // Names are fixed, so the old container must go before the new one can take its name.
    deleteBeforeReplace: true,
    replaceOnChanges: REPLACE_ON_CHANGES,
    additionalSecretOutputs: ["envs"],
    hooks: resizeHooks(args),
  };
  return new docker.Container(name, containerArgs(args), pulumi.mergeOptions(ours, opts));
}

/** Translates our description to the provider's arguments. */
function containerArgs(args: ServiceContainerArgs): ContainerArguments {
  const { host, limits, networks, config, access } = args;
  return {
    name: host.namePrefix + args.containerName,
    image: args.image.ref,
    user: access?.user ?? args.image.user,
    labels: [...configLabel(args), ...secretsLabel(args), ...labels(host, args.owner)].sort((a, b) =>
      a.label < b.label ? -1 : 1,
    ),
    entrypoints: args.entrypoint ?? args.image.command,
    envs: Object.entries(args.env ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => pulumi.interpolate`${key}=${value}`),

    // memory == memorySwap: no swap, and Docker refuses to raise memory above a swap total that is not sent along.
    memory: megabytes(limits.memoryBytes),
    memorySwap: megabytes(limits.memoryBytes),
    // Never `cpus`: it is mutually exclusive with quota for the container's life and always replaces.
    cpuPeriod: CPU_PERIOD_MICROS,
    cpuQuota: cpuQuota(limits),
    shmSize: args.shmBytes === undefined ? undefined : megabytes(args.shmBytes),

    ...HARDENING,
    ...(access && {
      capabilities: { adds: [...access.capabilities], ...HARDENING.capabilities },
      securityOpts: [...HARDENING.securityOpts, ...access.securityOpts],
      deviceCgroupRules: [...access.deviceCgroupRules],
      mounts: hostMounts(access),
    }),
    init: args.init ?? false,
    tmpfs: args.tmpfs,

    networkMode: networks.length === 0 ? "none" : undefined,
    // No networkMode: with it the Engine (20.10) drops this network's aliases and fixed address. The container is
    // made for the default bridge instead, which the provider leaves again before the start.
    networksAdvanced: networks.map(({ name, aliases, ipv4Address }) => ({ name, aliases, ipv4Address })),
    ports: args.publish?.map(({ internal, external, ip }) => ({ internal, external, ip, protocol: "tcp" })),

    volumes: [
      ...(config ? [{ volumeName: config.volume.name, containerPath: config.path, readOnly: true }] : []),
      ...(args.volumes ?? []),
    ],
    healthcheck: {
      tests: args.health,
      interval: goDuration(args.healthIntervalSeconds ?? host.healthIntervalSeconds),
      timeout: goDuration(args.healthTimeoutSeconds ?? 5),
      retries: 3,
      startPeriod: goDuration(args.startPeriodSeconds ?? 60),
    },
    wait: true,
    waitTimeout: patience(args.image.needs ?? CHEAP, limits.cpuMillis),
    mustRun: true,
    // What others need at a reboot starts even if somebody stopped it before.
    restart: access ? "always" : RESTART_POLICY,
    logDriver: "local",
    // Unset means SIGKILL at once: the provider stops with an explicit timeout of 0.
    destroyGraceSeconds: args.stopGraceSeconds,
  };
}

/**
 * A change of what a container is configured with makes it anew. A command counts as well: one that is taken back is a
 * difference that the provider does not see.
 */
function configLabel({ config, image }: ServiceContainerArgs) {
  const { command } = image;
  const files = config?.files ?? (command && [{ name: "command", content: JSON.stringify(command) }]);
  return files ? [{ label: CONFIG_LABEL, value: digest(files) }] : [];
}

function secretsLabel({ secretVariables = [] }: ServiceContainerArgs) {
  return secretVariables.length > 0
    ? [{ label: SECRET_VARIABLES_LABEL, value: secretVariables.join(" ") }]
    : [];
}

function hostMounts({ folders, shared }: HostAccess): docker.types.input.ContainerMount[] {
  return [
    ...folders.map((folder) => ({ type: "bind", source: folder, target: folder })),
    { type: "bind", source: shared, target: shared, bindOptions: { propagation: "rshared" } },
  ];
}

/** The provider counts memory in MiB; the model is a multiple of it (regions/budget.ts). */
function megabytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}

/** Seconds the way Go prints them, which is what the Engine reads back: 60 is "1m0s". */
export function goDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
