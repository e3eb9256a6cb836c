import { CONFIG_PATH } from "../catalog/names";
import { type Described, type DescribedNetwork, readBind } from "./described";
import type { Order } from "./regionTwin";

/**
 * A Compose file, as data: what Docker would be asked for, in Compose's words. Networks and volumes are there already,
 * but for the region's own network and its data, which are folders of the host.
 */
export function composeFile(containers: Described[], network: DescribedNetwork, order: Order): object {
  const { subnet, gateway, internal } = network;
  const others = containers.flatMap(({ endpoints }) => endpoints.map((endpoint) => endpoint.network));
  const volumes = containers.flatMap(({ host }) => (host.Binds ?? []).map(readBind));
  return escaped({
    services: Object.fromEntries(containers.map((one) => [one.role, service(one, order)])),
    networks: Object.fromEntries(
      [...new Set(others)].map((name) => [
        name,
        name === network.name
          ? { name, internal, ipam: { config: [{ subnet, gateway }] } }
          : { name, external: true },
      ]),
    ),
    volumes: Object.fromEntries(
      volumes
        .filter(({ path }) => path === CONFIG_PATH)
        .map(({ source: name }) => [name, { name, external: true }]),
    ),
  }) as object;
}

function service({ name, role, config, host, endpoints }: Described, { awaited, waiting }: Order): object {
  const { Test, Interval, Timeout, Retries, StartPeriod } = config.Healthcheck ?? {};
  const isWaiting = waiting.includes(role);
  return given({
    ...{ container_name: name, image: config.Image, pull_policy: "never", user: config.User },
    ...{
      environment: config.Env,
      labels: config.Labels,
      stop_signal: (config as { StopSignal?: string }).StopSignal,
    },
    ...{ entrypoint: config.Entrypoint, command: config.Cmd, working_dir: config.WorkingDir || undefined },
    ...{ mem_limit: host.Memory, memswap_limit: host.MemorySwap, shm_size: host.ShmSize },
    ...{ cpu_period: host.CpuPeriod, cpu_quota: host.CpuQuota, pids_limit: host.PidsLimit },
    ...{ read_only: host.ReadonlyRootfs, cap_drop: host.CapDrop, security_opt: host.SecurityOpt },
    ...{ init: host.Init, restart: host.RestartPolicy?.Name, logging: { driver: host.LogConfig?.Type } },
    tmpfs: Object.entries(host.Tmpfs ?? {}).map(([path, options]) => `${path}:${options}`),
    volumes: host.Binds,
    networks: Object.fromEntries(
      endpoints.map(({ network, aliases, address }) => [network, { aliases, ipv4_address: address }]),
    ),
    healthcheck: {
      ...{ test: Test, retries: Retries },
      ...{ interval: `${Interval}ns`, timeout: `${Timeout}ns`, start_period: `${StartPeriod}ns` },
    },
    depends_on: isWaiting
      ? Object.fromEntries(awaited.map((one) => [one, { condition: "service_healthy" }]))
      : undefined,
  });
}

/** Without what Docker was not asked for. */
function given(values: Record<string, unknown>): object {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  );
}

/** Compose would put variables in. */
function escaped(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, escaped(one)]));
}
