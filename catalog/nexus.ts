import type { ContainerLimits } from "../config/tuning";
import { GB, MB, MIB } from "../config/units";
import { GAME_SERVER, NGINX, PAGE, POSTGRES, REDIS } from "./programs";
import type { NexusService } from "./service";

/** The services of the Central Nexus. One more is one entry here and its component. */
export const NEXUS_SERVICES = {
  server: {
    ...GAME_SERVER,
    container: "central-nexus-server",
    size: { specification: limits(8000, 8 * GB, 512), laptop: limits(1000, 900 * MIB, 512) },
    networks: ["nexus", "regional"],
    publish: { setting: "nexusServer", what: "Nexus server", scheme: "http", path: "/health" },
    interruptionSeconds: 2,
  },
  db: {
    ...POSTGRES,
    container: "central-nexus-db",
    size: { specification: limits(4000, 16 * GB, 512), laptop: limits(500, 640 * MIB, 512) },
    networks: ["nexus"],
    publish: { setting: "nexusDb", what: "Nexus database", scheme: "postgresql" },
    interruptionSeconds: 2,
  },
  redis: {
    ...REDIS,
    container: "redis-nexus",
    size: { specification: limits(4000, 8 * GB, 64), laptop: limits(250, 192 * MIB, 64) },
    networks: ["nexus"],
    publish: { setting: "redis", what: "Nexus Redis", scheme: "redis" },
    interruptionSeconds: 2,
  },
  gateway: {
    ...NGINX,
    container: "nginx-gateway",
    size: { specification: limits(2000, 1 * GB, 128), laptop: limits(250, 128 * MIB, 128) },
    networks: ["nexus", "regional"],
    isGateway: true,
    interruptionSeconds: 1,
  },
  playerClient: {
    ...PAGE,
    image: "playerClient",
    container: "player-client",
    size: { specification: limits(500, 256 * MB, 64), laptop: limits(250, 96 * MIB, 64) },
    networks: ["nexus"],
    publish: { setting: "playerClient", what: "player client", scheme: "http", path: "/" },
    interruptionSeconds: 2,
  },
  adminUi: {
    ...PAGE,
    image: "adminUi",
    container: "admin-ui",
    size: { specification: limits(500, 256 * MB, 64), laptop: limits(250, 96 * MIB, 64) },
    networks: ["nexus"],
    publish: { setting: "adminUi", what: "admin UI", scheme: "http", path: "/" },
    interruptionSeconds: 1,
  },
  // It asks whatever it is told to, for everybody who reaches it: so it is not where regions are, but asks for their
  // addresses at the gateway, as players do.
  blackboxExporter: {
    image: "blackboxExporter",
    container: "blackbox-exporter",
    size: { specification: limits(200, 48 * MIB, 64), laptop: limits(100, 32 * MIB, 64) },
    networks: ["nexus"],
    port: 9115,
    publish: { setting: "blackboxExporter", what: "blackbox exporter", scheme: "http", path: "/" },
    hasConfig: true,
    stopGraceSeconds: 30,
    interruptionSeconds: 1,
  },
} as const satisfies Record<string, NexusService>;

/** The services of the Nexus by role. */
export type NexusRole = keyof typeof NEXUS_SERVICES;

/** The provider takes whole MiB. */
function limits(cpuMillis: number, memoryBytes: number, pids: number): ContainerLimits {
  return { cpuMillis, memoryBytes: Math.floor(memoryBytes / MIB) * MIB, pids };
}
