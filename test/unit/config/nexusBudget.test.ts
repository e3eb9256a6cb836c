import { describe, expect, it } from "vitest";
import { mostNexusPlayers, type NexusProfile, nexusBudget } from "../../../catalog/nexusBudget";
import { CONNECTION_RESERVE, connectionsIn } from "../../../config/connections";
import { GB, MB, MIB } from "../../../config/units";

const PROFILES: NexusProfile[] = ["laptop", "specification"];

describe("nexusBudget", () => {
  it("follows the specification, rounded down to whole MiB", () => {
    const { limits } = nexusBudget("specification");
    const whole = (bytes: number) => Math.floor(bytes / MIB) * MIB;
    expect(limits).toEqual({
      server: { cpuMillis: 8000, memoryBytes: whole(8 * GB), pids: 512 },
      // A process for each of 1,300 connections.
      db: { cpuMillis: 4000, memoryBytes: whole(16 * GB), pids: 1364 },
      redis: { cpuMillis: 4000, memoryBytes: whole(8 * GB), pids: 64 },
      gateway: { cpuMillis: 2000, memoryBytes: whole(GB), pids: 128 },
      adminUi: { cpuMillis: 500, memoryBytes: whole(256 * MB), pids: 64 },
      playerClient: { cpuMillis: 500, memoryBytes: whole(256 * MB), pids: 64 },
      // Not the specification's: what its 32 GB for regions leave.
      blackboxExporter: { cpuMillis: 200, memoryBytes: 48 * MIB, pids: 64 },
    });
  });

  it("fits a laptop: about 2.6 CPU and 2.2 GB", () => {
    const limits = Object.values(nexusBudget("laptop").limits);
    expect(limits.reduce((sum, limit) => sum + limit.cpuMillis, 0)).toBe(2600);
    const memory = limits.reduce((sum, limit) => sum + limit.memoryBytes, 0);
    expect(memory).toBeGreaterThan(2.1 * GB);
    expect(memory).toBeLessThanOrEqual(2.2 * GB);
  });

  it.each(PROFILES)("%s: every container can start, and the database holds all connections", (profile) => {
    const { limits, postgres, redis, server } = nexusBudget(profile);
    for (const [role, limit] of Object.entries(limits)) {
      expect(limit.memoryBytes % MIB).toBe(0);
      expect(limit.cpuMillis % 10).toBe(0);
      // The exporter has 8 MiB of its own after hundreds of probes.
      const least = role === "blackboxExporter" ? 32 : 64;
      expect(limit.memoryBytes, role).toBeGreaterThanOrEqual(least * MIB);
    }
    expect(limits.server.memoryBytes).toBeGreaterThanOrEqual(server.webWorkers * 300 * MB);
    expect(limits.db.memoryBytes).toBeGreaterThanOrEqual(256 * MB);
    expect(server.webWorkers).toBeGreaterThanOrEqual(2);
    // As many as the game server takes by itself: two engines a process, 10 + 20 connections each.
    expect(postgres.maxConnections).toBeGreaterThanOrEqual(server.webWorkers * 60 + CONNECTION_RESERVE);
    expect(postgres.maxConnections).toBeLessThanOrEqual(connectionsIn(limits.db.memoryBytes));
    expect(limits.db.pids).toBeGreaterThan(postgres.maxConnections + 50);
    expect(postgres.sharedBuffersBytes).toBeLessThanOrEqual(limits.db.memoryBytes / 4);
    expect(redis.maxMemoryBytes).toBeLessThanOrEqual(limits.redis.memoryBytes * 0.6);
    expect(redis.maxMemoryBytes).toBeGreaterThanOrEqual(limits.redis.memoryBytes * 0.5);
  });

  it("with the players given, only limits and tuning that is live follow from the profile", () => {
    const [small, large] = PROFILES.map((profile) => nexusBudget(profile, 100));
    expect(large?.server).toEqual(small?.server);
    expect(large?.postgres.maxConnections).toBe(small?.postgres.maxConnections);
    expect(large?.postgres.shmBytes).toBe(small?.postgres.shmBytes);
  });

  it("gives the most players whose processes and connections fit", () => {
    expect(PROFILES.map((profile) => mostNexusPlayers(profile))).toEqual([100, 1000]);
  });
});
