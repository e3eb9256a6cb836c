import { MIB } from "../config/units";
import { GAME_SERVER, NGINX, POSTGRES, REDIS } from "./programs";
import type { RegionService } from "./service";

/**
 * The services of a region, and how they share it. Every container first gets its base, what it needs to start and to
 * serve a few players; its weight, in percent of everything above, goes on top. So a larger region never gives a
 * container less, and the sum never exceeds the region. The bases fit the smallest region (1 CPU, 2 GB); the weights of
 * a column add to 100. Without a worker, its base and its weight are with the others, so that no container has less.
 *
 * Measured needs of the real game: 600 MB for two web workers, 256 MB for the database, 64 MB for the cache.
 */
export const REGION_SERVICES = {
  server: {
    ...GAME_SERVER,
    address: 10,
    isRegional: true,
    share: { cpu: [500, 50], memory: [700 * MIB, 40], pids: 512 },
    shareWithoutWorker: { cpu: [600, 58], memory: [820 * MIB, 45] },
    interruptionSeconds: 2,
  },
  db: {
    ...POSTGRES,
    address: 11,
    share: { cpu: [220, 25], memory: [320 * MIB, 35], pids: 512 },
    shareWithoutWorker: { cpu: [270, 31], memory: [490 * MIB, 39] },
    interruptionSeconds: 2,
  },
  cache: {
    ...REDIS,
    address: 12,
    share: { cpu: [80, 7], memory: [96 * MIB, 12], pids: 64 },
    shareWithoutWorker: { cpu: [80, 8], memory: [118 * MIB, 13] },
    interruptionSeconds: 2,
  },
  // In stacks that have workers (`nexus:worker`): its share without one is nothing.
  worker: {
    image: "worker",
    address: 13,
    share: { cpu: [150, 15], memory: [320 * MIB, 10], pids: 256 },
    stopGraceSeconds: 30,
    interruptionSeconds: 4,
  },
  storage: {
    ...NGINX,
    dataPath: "/data",
    address: 14,
    share: { cpu: [50, 3], memory: [64 * MIB, 3], pids: 64 },
    shareWithoutWorker: { cpu: [50, 3], memory: [72 * MIB, 3] },
    interruptionSeconds: 2,
  },
} as const satisfies Record<string, RegionService>;

export type RegionRole = keyof typeof REGION_SERVICES;
