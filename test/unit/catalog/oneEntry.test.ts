import { describe, expect, it, vi } from "vitest";
import { containerIn, containersOf } from "../../../catalog/desired";
import { nexusBudget, nexusResources } from "../../../catalog/nexusBudget";
import { CURRENT_SPLIT, leastCpuMillis, regionBudget } from "../../../catalog/regionBudget";
import type { NexusService, RegionService } from "../../../catalog/service";
import { addressList } from "../../../components/addresses";
import { refsOf } from "../../../images/table";
import { containerImpact } from "../../../operations/deploy/impact/container";
import { checkHost } from "../../../operations/deploy/preflight/checks";
import { undisked } from "../../../operations/deploy/preflight/disk";
import { compare } from "../../../operations/verify/compare";
import { ownVolumes } from "../../../policies/ownVolumes";
import { stateInVolumes } from "../../../policies/stateInVolumes";
import { stopGrace } from "../../../policies/stopGrace";
import { regionAddresses } from "../../../regions/addresses";
import { GB, platformOf, RANGES, region } from "../../support/platform";
import { parseSettings } from "../../support/settings";
import { perfect } from "../operations/verify/fixtures";
import { judgeResource } from "../policies/harness";

/** The two entries; hoisted, because the tables are read before anything else here runs. */
const { LEDGER, EXPORTER, MIB, size } = vi.hoisted(() => {
  const MIB = 2 ** 20;
  const size = { cpuMillis: 300, memoryBytes: 200 * MIB, pids: 64 };

  /** A service of the Nexus that keeps data and has a port of its own. */
  const LEDGER: NexusService = {
    image: "postgres",
    container: "nexus-ledger",
    size: { specification: size, laptop: size },
    networks: ["nexus", "regional"],
    port: 9123,
    publish: { setting: "ledger", what: "ledger", scheme: "http", path: "/ready" },
    hasConfig: true,
    dataPath: "/ledger",
    stopGraceSeconds: 61,
    interruptionSeconds: 7,
  };

  /** One more container of regions, in those with the next version of the split. */
  const EXPORTER: RegionService = {
    image: "nginx",
    address: 15,
    port: 9187,
    dataPath: "/exports",
    share: { since: 2, cpuMillis: 20, memoryBytes: 24 * MIB, pids: 32 },
    stopGraceSeconds: 62,
    interruptionSeconds: 8,
  };
  return { LEDGER, EXPORTER, MIB, size };
});

vi.mock("../../../catalog/nexus", async (original) => {
  const table = await original<typeof import("../../../catalog/nexus")>();
  return { ...table, NEXUS_SERVICES: { ...table.NEXUS_SERVICES, ledger: LEDGER } };
});
vi.mock("../../../catalog/region", async (original) => {
  const table = await original<typeof import("../../../catalog/region")>();
  return { ...table, REGION_SERVICES: { ...table.REGION_SERVICES, exporter: EXPORTER } };
});

/** Of the newest split, and of the first. */
const SIZE = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
const NEW = region("aurora", 1, { split: 2, budget: regionBudget(SIZE, 100, { split: 2 }) });
const OLD = region("borealis", 2, { budget: regionBudget(SIZE, 100) });
const PLATFORM = platformOf([NEW, OLD], { publish: { ["ledger" as "redis"]: 9300 } });
const { desired } = PLATFORM;
const ledger = containerIn(desired, { region: "central-nexus", role: "ledger" });
const exporter = containerIn(desired, { region: "aurora", role: "exporter" });

describe("one entry for a service of the Nexus", () => {
  it("gives it a name, limits, networks, its volumes and its place on the disk", () => {
    expect(ledger).toMatchObject({
      ...{ name: "t-nexus-ledger", hostname: "nexus-ledger", limits: size, user: "70:70" },
      networks: [
        { network: "t-nexus", aliases: ["nexus-ledger"] },
        { network: "t-regional", aliases: ["nexus-ledger"] },
      ],
      config: "t-nexus-ledger-config",
      data: { volume: "t-nexus-ledger-data", folder: "/data/central-nexus/ledger", path: "/ledger" },
      stopGraceSeconds: 61,
    });
    expect(desired.volumes).toContainEqual({
      ...{ region: "central-nexus", name: "t-nexus-ledger-data", user: "70:70" },
      folder: "/data/central-nexus/ledger",
    });
  });

  it("counts it in what admission sets apart", () => {
    const all = Object.values(nexusBudget("laptop").limits);
    expect(nexusBudget("laptop").limits).toHaveProperty("ledger", size);
    expect(nexusResources("laptop").cpuMillis).toBe(all.reduce((sum, { cpuMillis }) => sum + cpuMillis, 0));
    expect(refsOf(PLATFORM.images)).toContain(ledger.image.ref);
  });

  it("makes a setting that publishes it on loopback, and an address of it", () => {
    const { publish } = parseSettings("x", { "nexus:images": "local", "nexus:publish": { ledger: 9300 } });
    expect(publish).toEqual({ ledger: 9300 });
    expect(ledger.ports).toEqual([
      { internal: 9123, external: 9300, ip: "127.0.0.1", setting: "nexus:publish.ledger" },
    ]);
    expect(addressList(PLATFORM)).toContainEqual({
      ...{ what: "ledger, direct", url: "http://localhost:9300/ready" },
    });
  });

  it("has the host looked at for its name and its port", () => {
    const taken = { name: ledger.name, ports: [{ address: "127.0.0.1", port: 9300 }] };
    const free = { networks: [], images: new Set<string>(), routes: [], busyPorts: [] };
    const claims = { ...desired, images: [], namePrefix: "t-" };
    expect(checkHost(claims, { ...free, containers: [taken] }).map(({ setting }) => setting)).toEqual([
      "nexus:namePrefix",
      "nexus:publish.ledger",
    ]);
  });
});

describe("one entry for a container of regions", () => {
  it("gives it to those whose file has the newer split, and changes nothing in the others", () => {
    expect(CURRENT_SPLIT).toBe(2);
    expect(containersOf(desired, "aurora").map(({ role }) => role)).toContain("exporter");
    expect(containersOf(desired, "borealis").map(({ role }) => role)).not.toContain("exporter");
    expect(Object.keys(OLD.budget.limits)).toHaveLength(5);
    expect(leastCpuMillis("server", 1)).toBe(500);
  });

  it("gives it its part off the top, and never more than the region altogether", () => {
    expect(exporter.limits).toEqual({ cpuMillis: 20, memoryBytes: 24 * MIB, pids: 32 });
    for (const hasWorker of [true, false]) {
      for (const factor of [1, 2, 8]) {
        const [cpuMillis, memoryBytes] = [1000 * factor, 2 * GB * factor];
        const { limits } = regionBudget({ ...SIZE, cpuMillis, memoryBytes }, 100, { hasWorker, split: 2 });
        const all = Object.values(limits);
        const sum = (key: "cpuMillis" | "memoryBytes") => all.reduce((total, one) => total + one[key], 0);
        expect(sum("cpuMillis")).toBeLessThanOrEqual(cpuMillis);
        expect(sum("memoryBytes")).toBeLessThanOrEqual(memoryBytes);
        for (const [role, { cpuMillis: own }] of Object.entries(limits))
          expect(own, role).toBeGreaterThanOrEqual(leastCpuMillis(role as "server", 2));
      }
    }
  });

  it("gives it a name, an address and a folder", () => {
    expect(regionAddresses(7, RANGES).hosts).toHaveProperty("exporter", "172.22.7.15");
    expect(exporter).toMatchObject({
      name: "t-region-aurora-exporter",
      networks: [{ kind: "own", network: "t-region-aurora", address: "172.22.1.15" }],
      data: { folder: "/data/aurora/exporter", path: "/exports" },
    });
  });
});

const judged = (policy: Parameters<typeof judgeResource>[0], props: object) =>
  judgeResource(policy, { type: "docker:index/container:Container", name: "x", props: { ...props } });

describe.each([
  ["of the Nexus", ledger, 7],
  ["of a region", exporter, 8],
])("a new service %s", (_, service, seconds) => {
  it("is missed by verify", () => {
    const host = perfect(desired);
    const containers = host.containers.filter(({ name }) => name !== service.name);
    const drift = compare(desired, { ...host, containers }, "x");
    expect(drift.map(({ container, enforced }) => `${container} ${enforced}`)).toEqual([
      `${service.name} missing`,
    ]);
  });

  it("is in the impact report, with the seconds that it is away", () => {
    const labels = [
      { label: "io.sectorwars.region", value: service.region },
      { label: "io.sectorwars.role", value: service.role },
    ];
    const state = { inputs: { labels }, retainOnDelete: false, initErrors: false };
    const { restarts } = containerImpact({
      ...{ kind: "replace", urn: "x", type: "x", name: "x", old: state, new: state },
      ...{ changed: ["envs"], causes: ["envs"] },
    });
    expect(restarts).toMatchObject([{ container: service.role, seconds }]);
  });

  it("is stopped, with the others that have data, before their data moves to a disk", () => {
    const [problem] = undisked(PLATFORM, { regions: [service.region], disks: new Map() }, true);
    expect(problem?.message).toContain(service.name);
  });

  it("is held by the policies to its data path, a data volume and the grace of a database", () => {
    const { data } = service;
    const props = (path: string, grace: number) => ({
      name: service.name,
      labels: [
        { label: "io.sectorwars.region", value: service.region },
        { label: "io.sectorwars.role", value: service.role },
      ],
      volumes: [{ volumeName: data?.volume, containerPath: path }],
      destroyGraceSeconds: grace,
    });
    for (const policy of [ownVolumes, stateInVolumes, stopGrace])
      expect(judged(policy, props(data?.path ?? "", 60))).toEqual([]);
    expect(judged(ownVolumes, props("/elsewhere", 60))).toHaveLength(1);
    expect(judged(stateInVolumes, { ...props("", 60), volumes: [] })).toHaveLength(1);
    expect(judged(stopGrace, props(data?.path ?? "", 30))).toHaveLength(1);
  });
});
