import type Docker from "dockerode";
import { REGION_LABEL, STACK_LABEL } from "../../catalog/names";
import type { ReadLimits } from "./cgroup";
import type { ObservedContainer, ObservedHardening, ObservedPort } from "./observed";

type Info = Docker.ContainerInspectInfo;

/**
 * Translates `docker inspect` to our terms. Pure.
 * @param devices the kernel's devices by mount point
 */
export function containerFrom(
  info: Info,
  kernel?: ObservedHardening["kernel"],
  devices?: ReadonlyMap<string, string>,
): ObservedContainer {
  const { Config, HostConfig, State } = info;
  const test: string[] = Config.Healthcheck?.Test ?? [];
  return {
    id: info.Id,
    name: info.Name.slice(1),
    stack: Config.Labels?.[STACK_LABEL],
    region: Config.Labels?.[REGION_LABEL],
    state: State.Status,
    health: State.Health?.Status,
    image: Config.Image,
    user: Config.User,
    restartPolicy: HostConfig.RestartPolicy?.Name ?? "no",
    hasHealthCheck: test.length > 0 && test[0] !== "NONE",
    configured: configuredLimits(HostConfig),
    hardening: {
      readOnly: HostConfig.ReadonlyRootfs === true,
      privileged: HostConfig.Privileged === true,
      capDrop: HostConfig.CapDrop ?? [],
      capAdd: HostConfig.CapAdd ?? [],
      securityOpt: HostConfig.SecurityOpt ?? [],
      hostNamespaces: hostNamespaces(HostConfig),
      devices: (HostConfig.Devices ?? []).map(({ PathOnHost }: { PathOnHost: string }) => PathOnHost),
      deviceRules: HostConfig.DeviceCgroupRules ?? [],
      ...(kernel && { kernel }),
    },
    networks: Object.entries(info.NetworkSettings.Networks)
      // Docker's word for "on no network".
      .filter(([network]) => network !== "none")
      .map(([network, endpoint]) => ({
        network,
        aliases: endpoint.Aliases ?? [],
        ...(endpoint.IPAddress && { address: endpoint.IPAddress }),
        ...(endpoint.IPAMConfig?.IPv4Address && { fixed: endpoint.IPAMConfig.IPv4Address }),
      })),
    ports: portsOf(State.Running ? info.NetworkSettings.Ports : HostConfig.PortBindings),
    mounts: info.Mounts.map(({ Type, Name, Source, Destination, RW }) => ({
      type: Type ?? "bind",
      source: Name ?? Source,
      path: Destination,
      readOnly: !RW,
      device: devices?.get(Destination),
    })),
    restarts: info.RestartCount,
  };
}

/** A container's own name in a list; links of other containers are names as well, with two slashes. */
export function nameOf(names: string[]): string {
  return (names.find((name) => name.lastIndexOf("/") === 0) ?? "").slice(1);
}

/** What the Engine was told to enforce. */
export function configuredLimits(host: Docker.HostConfig): ReadLimits {
  const { Memory = 0, MemorySwap = 0, PidsLimit } = host;
  return {
    cpuMillis: cpuOf(host),
    memoryBytes: Memory > 0 ? Memory : null,
    // The total of memory and swap; -1 and, without a limit of the memory, 0 are no limit.
    swapBytes: MemorySwap > 0 ? MemorySwap - Memory : null,
    pids: PidsLimit && PidsLimit > 0 ? PidsLimit : null,
  };
}

function cpuOf({ NanoCpus = 0, CpuQuota = 0, CpuPeriod = 0 }: Docker.HostConfig): number | null {
  if (NanoCpus > 0) return NanoCpus / 1e6;
  // Docker's own default of the period.
  return CpuQuota > 0 ? (CpuQuota * 1000) / (CpuPeriod || 100_000) : null;
}

function hostNamespaces(host: Docker.HostConfig): string[] {
  const modes = {
    pid: host.PidMode,
    ipc: host.IpcMode,
    network: host.NetworkMode,
    uts: host.UTSMode,
    user: host.UsernsMode,
  };
  return Object.entries(modes).flatMap(([name, mode]) => (mode === "host" ? [name] : []));
}

type Bindings = Record<string, { HostIp?: string; HostPort?: string }[] | null>;

function portsOf(bindings: unknown): ObservedPort[] {
  return Object.entries((bindings ?? {}) as Bindings).flatMap(([internal, published]) =>
    (published ?? []).map(({ HostIp, HostPort }) => ({
      internal: Number.parseInt(internal, 10),
      external: Number(HostPort),
      ip: HostIp || "0.0.0.0",
    })),
  );
}

/**
 * What the kernel says of a container's first process.
 * @param status `/proc/<pid>/status`
 */
export function kernelHardening(status: string): ObservedHardening["kernel"] | undefined {
  const value = (key: string): string | undefined => new RegExp(`^${key}:\\s*(\\S+)$`, "m").exec(status)?.[1];
  const capabilities = value("CapBnd");
  const privileges = value("NoNewPrivs");
  if (capabilities === undefined || privileges === undefined) return undefined;
  return { capabilities, noNewPrivileges: privileges === "1" };
}
