import type Docker from "dockerode";
import type { CONTAINER_ARGUMENTS } from "../../components/arguments";
import type { Args, Probes, ProbeWorld } from "./probes";

const MIB = 2 ** 20;
const HEALTHY = { tests: ["CMD", "true"], interval: "1s", timeout: "5s", retries: 3 };

/** What every container is given unless its probe says otherwise: it sleeps, alone. */
export function plainContainer(world: ProbeWorld): Args {
  return {
    image: world.image,
    entrypoints: ["sleep", "1000"],
    networkMode: "none",
    cpuPeriod: 100_000,
    cpuQuota: 50_000,
    memory: 64,
    memorySwap: 64,
  };
}

/** A change of each argument that the components give a container. */
export function containerProbes(
  world: ProbeWorld,
): Probes<typeof CONTAINER_ARGUMENTS, Docker.ContainerInspectInfo> {
  const { prefix, image, otherImage, folders, network, volume, ports, range } = world;
  const onNetwork = (more: Args): Args[] => [{ name: network, ...more }];
  const port = (more: Args): Args[] => [{ internal: 80, ip: "127.0.0.1", protocol: "tcp", ...more }];
  const bind = { type: "bind", source: folders[0], target: "/m", readOnly: false };
  return {
    capabilities: [
      {
        part: "adds",
        before: { drops: ["ALL"] },
        after: { drops: ["ALL"], adds: ["CAP_CHOWN"] },
        look: ({ HostConfig }) => HostConfig.CapAdd,
        wanted: ["CAP_CHOWN"],
      },
      {
        part: "drops",
        before: { drops: ["ALL"] },
        after: { drops: ["CAP_CHOWN"] },
        look: ({ HostConfig }) => HostConfig.CapDrop,
        wanted: ["CAP_CHOWN"],
      },
    ],
    cpuPeriod: {
      before: 100_000,
      after: 50_000,
      look: ({ HostConfig }) => HostConfig.CpuPeriod,
      wanted: 50_000,
    },
    cpuQuota: {
      before: 50_000,
      after: 60_000,
      look: ({ HostConfig }) => HostConfig.CpuQuota,
      wanted: 60_000,
    },
    destroyGraceSeconds: { before: 1, after: 2 },
    deviceCgroupRules: {
      before: ["c 1:3 r"],
      after: ["c 1:3 rw"],
      look: ({ HostConfig }) => HostConfig.DeviceCgroupRules,
      wanted: ["c 1:3 rw"],
    },
    entrypoints: {
      before: ["sleep", "1000"],
      after: ["sleep", "1001"],
      look: ({ Config }) => Config.Entrypoint,
      wanted: ["sleep", "1001"],
    },
    envs: {
      before: ["A=1"],
      after: ["A=2"],
      look: ({ Config }) => Config.Env?.includes("A=2"),
      wanted: true,
    },
    healthcheck: {
      before: HEALTHY,
      after: { ...HEALTHY, interval: "2s" },
      look: ({ Config }) => Config.Healthcheck?.Interval,
      wanted: 2e9,
    },
    image: { before: image, after: otherImage, look: ({ Config }) => Config.Image, wanted: otherImage },
    init: { before: false, after: true, look: ({ HostConfig }) => HostConfig.Init, wanted: true },
    labels: {
      before: [{ label: "a", value: "1" }],
      after: [{ label: "a", value: "2" }],
      look: ({ Config }) => Config.Labels.a,
      wanted: "2",
    },
    logDriver: {
      before: "local",
      after: "json-file",
      look: ({ HostConfig }) => HostConfig.LogConfig?.Type,
      wanted: "json-file",
    },
    memory: {
      before: 32,
      after: 48,
      look: ({ HostConfig }) => HostConfig.Memory,
      wanted: 48 * MIB,
    },
    memorySwap: {
      before: 64,
      after: 96,
      look: ({ HostConfig }) => HostConfig.MemorySwap,
      wanted: 96 * MIB,
    },
    mounts: [
      {
        part: "readOnly",
        before: [bind],
        after: [{ ...bind, readOnly: true }],
        look: ({ Mounts }) => Mounts.map(({ RW }) => RW),
        wanted: [false],
      },
      {
        part: "source",
        before: [bind],
        after: [{ ...bind, source: folders[1] }],
        look: ({ Mounts }) => Mounts.map(({ Source }) => Source),
        wanted: [folders[1]],
      },
      {
        part: "target",
        before: [bind],
        after: [{ ...bind, target: "/n" }],
        look: ({ Mounts }) => Mounts.map(({ Destination }) => Destination),
        wanted: ["/n"],
      },
      {
        part: "bindOptions",
        before: [{ ...bind, bindOptions: { propagation: "rprivate" } }],
        after: [{ ...bind, bindOptions: { propagation: "private" } }],
        look: ({ Mounts }) => Mounts.map(({ Propagation }) => Propagation),
        wanted: ["private"],
      },
    ],
    mustRun: { before: true, after: false },
    name: {
      before: `${prefix}name-a`,
      after: `${prefix}name-b`,
      look: ({ Name }) => Name,
      wanted: `/${prefix}name-b`,
    },
    networkMode: {
      before: "none",
      after: network,
      look: ({ HostConfig }) => HostConfig.NetworkMode,
      wanted: network,
    },
    networksAdvanced: [
      {
        part: "aliases",
        before: onNetwork({ aliases: ["a"] }),
        after: onNetwork({ aliases: ["b"] }),
        with: { networkMode: undefined },
        look: ({ NetworkSettings }) => NetworkSettings.Networks[network]?.Aliases?.includes("b"),
        wanted: true,
      },
      {
        part: "ipv4Address",
        before: onNetwork({ ipv4Address: `${range}.1.100` }),
        after: onNetwork({ ipv4Address: `${range}.1.101` }),
        with: { networkMode: undefined },
        look: ({ NetworkSettings }) => NetworkSettings.Networks[network]?.IPAddress,
        wanted: `${range}.1.101`,
      },
    ],
    ports: [
      {
        part: "external",
        before: port({ external: ports[0] }),
        after: port({ external: ports[1] }),
        with: { networkMode: undefined, networksAdvanced: onNetwork({}) },
        look: ({ HostConfig }) => HostConfig.PortBindings["80/tcp"]?.[0]?.HostPort,
        wanted: String(ports[1]),
      },
      {
        part: "ip",
        before: port({ external: ports[2] }),
        after: port({ external: ports[2], ip: "127.0.0.2" }),
        with: { networkMode: undefined, networksAdvanced: onNetwork({}) },
        look: ({ HostConfig }) => HostConfig.PortBindings["80/tcp"]?.[0]?.HostIp,
        wanted: "127.0.0.2",
      },
    ],
    readOnly: {
      before: true,
      after: false,
      look: ({ HostConfig }) => HostConfig.ReadonlyRootfs,
      wanted: false,
    },
    restart: {
      before: "unless-stopped",
      after: "always",
      look: ({ HostConfig }) => HostConfig.RestartPolicy?.Name,
      wanted: "always",
    },
    securityOpts: {
      before: ["no-new-privileges:true"],
      after: ["no-new-privileges:false"],
      look: ({ HostConfig }) => HostConfig.SecurityOpt,
      wanted: ["no-new-privileges:false"],
    },
    shmSize: { before: 32, after: 48, look: ({ HostConfig }) => HostConfig.ShmSize, wanted: 48 * MIB },
    tmpfs: {
      before: { "/tmp": "mode=1777" },
      after: { "/tmp": "mode=0700" },
      look: ({ HostConfig }) => HostConfig.Tmpfs,
      wanted: { "/tmp": "mode=0700" },
    },
    user: { before: "1000:1000", after: "1001:1001", look: ({ Config }) => Config.User, wanted: "1001:1001" },
    volumes: [
      {
        part: "containerPath",
        before: [{ volumeName: volume, containerPath: "/v" }],
        after: [{ volumeName: volume, containerPath: "/w" }],
        look: ({ Mounts }) => Mounts.map(({ Destination }) => Destination),
        wanted: ["/w"],
      },
      {
        part: "readOnly",
        before: [{ volumeName: volume, containerPath: "/v", readOnly: false }],
        after: [{ volumeName: volume, containerPath: "/v", readOnly: true }],
        look: ({ Mounts }) => Mounts.map(({ RW }) => RW),
        wanted: [false],
      },
    ],
    wait: { before: false, after: true, with: { healthcheck: HEALTHY } },
    waitTimeout: { before: 60, after: 61 },
  };
}
