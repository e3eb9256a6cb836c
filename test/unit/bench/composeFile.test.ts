import { describe, expect, it } from "vitest";
import { composeFile } from "../../../bench/composeFile";
import type { Described } from "../../../bench/described";
import { ORDER } from "../../../bench/regionTwin";

const NETWORK = { name: "p-region-a", subnet: "10.1.1.0/24", gateway: "10.1.1.1", internal: true };

function container(role: string, more: { Env?: string[] } = {}): Described {
  return {
    ...{ region: "a", role, name: `p-region-a-${role}` },
    config: {
      ...{ Image: "image:1", User: "1:1", Env: ["A=1"], Labels: { "io.sectorwars.stack": "ours" } },
      ...{
        Cmd: ["run"],
        Healthcheck: { Test: ["CMD", "true"], Interval: 2e9, Timeout: 5e9, Retries: 3, StartPeriod: 6e10 },
      },
      ...more,
    } as unknown as Described["config"],
    host: {
      ...{ Memory: 2 ** 26, MemorySwap: 2 ** 26, CpuPeriod: 100_000, CpuQuota: 5000, ShmSize: 2 ** 26 },
      ...{ CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges:true"], ReadonlyRootfs: true, Init: false },
      ...{ RestartPolicy: { Name: "unless-stopped" }, LogConfig: { Type: "local", Config: {} } },
      ...{ Tmpfs: { "/tmp": "mode=1777" } },
      Binds: [`p-region-a-${role}-config:/etc/nexus:ro`, `/data/a/${role}:/data`],
      PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: "80" }] },
    } as unknown as Described["host"],
    endpoints: [
      { network: "p-region-a", aliases: [`region-a-${role}`], address: "10.1.1.10" },
      { network: "p-regional", aliases: [], address: "10.2.4.1" },
    ],
  };
}

describe("composeFile", () => {
  const file = composeFile([container("db"), container("server", { Env: ["A=$x"] })], NETWORK, ORDER) as {
    services: Record<string, Record<string, unknown>>;
    networks: object;
    volumes: object;
  };

  it("has the limits, the hardening and the mounts of the container", () => {
    expect(file.services.db).toEqual({
      ...{ container_name: "p-region-a-db", image: "image:1", pull_policy: "never", user: "1:1" },
      ...{ environment: ["A=1"], labels: { "io.sectorwars.stack": "ours" }, command: ["run"] },
      ...{
        mem_limit: 2 ** 26,
        memswap_limit: 2 ** 26,
        shm_size: 2 ** 26,
        cpu_period: 100_000,
        cpu_quota: 5000,
      },
      ...{ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"], init: false },
      ...{ restart: "unless-stopped", logging: { driver: "local" }, tmpfs: ["/tmp:mode=1777"] },
      volumes: ["p-region-a-db-config:/etc/nexus:ro", "/data/a/db:/data"],
      networks: {
        "p-region-a": { aliases: ["region-a-db"], ipv4_address: "10.1.1.10" },
        "p-regional": { aliases: [], ipv4_address: "10.2.4.1" },
      },
      healthcheck: {
        test: ["CMD", "true"],
        retries: 3,
        interval: "2000000000ns",
        timeout: "5000000000ns",
        start_period: "60000000000ns",
      },
    });
  });

  it("makes only the region's own network, and takes configuration as it is", () => {
    expect(file.networks).toEqual({
      "p-region-a": {
        ...{ name: "p-region-a", internal: true },
        ipam: { config: [{ subnet: "10.1.1.0/24", gateway: "10.1.1.1" }] },
      },
      "p-regional": { name: "p-regional", external: true },
    });
    expect(file.volumes).toEqual({
      "p-region-a-db-config": { name: "p-region-a-db-config", external: true },
      "p-region-a-server-config": { name: "p-region-a-server-config", external: true },
    });
  });

  it("waits with a server for database and cache, and has Compose put no variable in", () => {
    const healthy = { condition: "service_healthy" };
    expect(file.services.server).toMatchObject({
      ...{ environment: ["A=$$x"], depends_on: { db: healthy, cache: healthy } },
    });
  });
});
