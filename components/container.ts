import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../catalog/desired";
import type { HostAccess } from "../catalog/keeper";
import { CONFIG_LABEL, CONFIG_PATH, HARDENING, SECRET_VARIABLES_LABEL } from "../catalog/names";
import { CHEAP, patience } from "../regions/patience";
import { type ContainerArguments, REPLACE_ON_CHANGES } from "./arguments";
import { digest } from "./configFiles";
import { type HostArgs, labels } from "./host";
import { CPU_PERIOD_MICROS, cpuQuota } from "./resize";
import { resizeHooks } from "./resizeHooks";
import type { Area, ServiceContainerArgs } from "./service";

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
  const container = new docker.Container(name, containerArgs(args), pulumi.mergeOptions(ours, opts));
  args.area.starts.add(args.desired, container);
  return container;
}

/** Translates our description to the provider's arguments. */
function containerArgs(args: ServiceContainerArgs): ContainerArguments {
  const { area, desired, config } = args;
  const { host } = area;
  const { limits, image, access, ports, data } = desired;
  return {
    name: desired.name,
    image: image.ref,
    user: desired.user,
    labels: [...configLabel(args), ...secretsLabel(args), ...labels(host, desired)].sort((a, b) =>
      a.label < b.label ? -1 : 1,
    ),
    entrypoints: args.entrypoint ?? image.command,
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
      mounts: hostMounts(access, host),
    }),
    init: args.init ?? false,
    tmpfs: args.tmpfs,

    networkMode: desired.networks.length === 0 ? "none" : undefined,
    // No networkMode: with it the Engine (20.10) drops this network's aliases and fixed address. The container is
    // made for the default bridge instead, which the provider leaves again before the start.
    networksAdvanced: desired.networks.map((endpoint) => ({
      name: networkName(area, endpoint),
      aliases: endpoint.aliases,
      ipv4Address: endpoint.address,
    })),
    ports:
      ports.length === 0
        ? undefined
        : ports.map(({ internal, external, ip }) => ({ internal, external, ip, protocol: "tcp" })),

    volumes: [
      ...(config ? [{ volumeName: config.volume.name, containerPath: CONFIG_PATH, readOnly: true }] : []),
      ...(data ? [{ volumeName: data.volume, containerPath: data.path }] : []),
    ],
    healthcheck: {
      tests: args.health,
      interval: goDuration(args.healthIntervalSeconds ?? host.healthIntervalSeconds),
      timeout: goDuration(args.healthTimeoutSeconds ?? 5),
      retries: 3,
      startPeriod: goDuration(args.startPeriodSeconds ?? 60),
    },
    // We ask ourselves (components/ready/), and this says how long: Docker's first test is an interval away.
    wait: false,
    waitTimeout: patience(image.needs ?? CHEAP, limits.cpuMillis),
    mustRun: true,
    restart: desired.restartPolicy,
    logDriver: "local",
    // Unset means SIGKILL at once: the provider stops with an explicit timeout of 0.
    destroyGraceSeconds: desired.stopGraceSeconds,
  };
}

/** @throws RangeError where its component was not given the network: a plain name would lose the order on destroy */
function networkName({ networks }: Area, { kind, network }: Endpoint): pulumi.Input<string> {
  const name = networks[kind];
  if (name === undefined) throw new RangeError(`the network ${network} was not handed to its component`);
  return name;
}

/**
 * A change of what a container is configured with recreates it. A command counts as well: one that is taken back is a
 * difference that the provider does not see.
 */
function configLabel({ config, desired }: ServiceContainerArgs) {
  const { command } = desired.image;
  const files = config?.files ?? (command && [{ name: "command", content: JSON.stringify(command) }]);
  return files ? [{ label: CONFIG_LABEL, value: digest(files) }] : [];
}

function secretsLabel({ secretVariables = [] }: ServiceContainerArgs) {
  return secretVariables.length > 0
    ? [{ label: SECRET_VARIABLES_LABEL, value: secretVariables.join(" ") }]
    : [];
}

/** Folders of the host at the same path, and the data root, in which a mount made on either side appears on both. */
function hostMounts({ folders }: HostAccess, { dataRoot }: HostArgs): docker.types.input.ContainerMount[] {
  return [
    ...folders.map((folder) => ({ type: "bind", source: folder, target: folder })),
    { type: "bind", source: dataRoot, target: dataRoot, bindOptions: { propagation: "rshared" } },
  ];
}

/** The provider counts memory in MiB; the model is a multiple of it (catalog/regionBudget.ts). */
function megabytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}

/** Seconds the way Go prints them, which is what the Engine reads back: 60 is "1m0s". */
export function goDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
