import { beforeAll, describe, expect, it } from "vitest";
import { regionBudget } from "../../../catalog/regionBudget";
import { restartingTest } from "../../../components/healthWatch";
import { derivedPassword } from "../../../components/secrets";
import type { ImageOverrides } from "../../../images/image";
import {
  CONTAINER,
  earlier,
  NETWORK,
  NEXUS_STACK,
  REGION,
  type RecordedResource,
  type Recording,
  record,
  VOLUME,
} from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

const NEXUS_CONTAINERS = [
  "central-nexus-db",
  "central-nexus-server",
  "redis-nexus",
  "admin-ui",
  "player-client",
  "nginx-gateway",
  "blackbox-exporter",
  "disk-keeper",
];
const ROLES = ["server", "db", "cache", "worker", "storage"];

let two: Recording;

beforeAll(async () => {
  two = await record(() => declarePlatform([region("aurora", 1), region("borealis", 2)]));
});

const containerNames = (recording: Recording) =>
  recording
    .ofType(CONTAINER)
    .map((c) => c.inputs.name)
    .sort();

describe("the platform with two regions", () => {
  it("has the specification's containers and the keeper of the disks, and no other", () => {
    const regions = ["aurora", "borealis"].flatMap((name) => ROLES.map((role) => `region-${name}-${role}`));
    expect(containerNames(two)).toEqual([...NEXUS_CONTAINERS, ...regions].map((name) => `t-${name}`).sort());
  });

  it("has one network per region beside the two shared ones, and only the regions' are internal", () => {
    const networks = two.ofType(NETWORK).map(({ inputs }) => [inputs.name, inputs.internal]);
    expect(networks.sort()).toEqual([
      ["t-nexus", false],
      ["t-region-aurora", true],
      ["t-region-borealis", true],
      ["t-regional", false],
    ]);
  });

  it("gives every resource a name of its own", () => {
    const pairs = two.resources.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it("makes every Docker resource through the provider that it was given", () => {
    const dockerResources = two.resources.filter(({ type }) => /^docker:/.test(type));
    expect(dockerResources).toHaveLength(4 + 18 + 4 + 2 * 3);
    for (const { name, provider } of dockerResources) {
      expect(provider, name).toMatch(/::docker::/);
    }
  });

  it("has no resource without a parent but the provider, and what the Nexus' component itself takes", () => {
    const orphans = two.resources.filter(({ parent, type }) => parent === "" && !type.startsWith("nexus:"));
    expect(orphans.map(({ name }) => name).sort()).toEqual([
      "disk-keeper",
      "docker",
      "nexus-encryption-key",
      "nexus-registration-key",
    ]);
  });
});

describe("a region's disk", () => {
  it.each([
    [REGION, "region-aurora", "/data/aurora"],
    [NEXUS_STACK, "nexus", "/data/central-nexus"],
  ])("is an input of %s, so that a preview shows a new limit", (type, name, folder) => {
    const { inputs, options } = two.one(type, name);
    expect(inputs).toMatchObject({ folder, diskBytes: 10_000_000_000, diskMeans: "loop" });
    expect(options.hooks).toEqual(["beforeUpdateList"]);
    // It stays in the state of a stack that is taken down, and what it depends on would stay with it.
    expect(options.dependencies.join()).not.toContain("disk-keeper");
  });
});

describe("isolation", () => {
  const networksOf = (name: string) => {
    const container = two.ofType(CONTAINER).find(({ inputs }) => inputs.name === `t-${name}`);
    return container?.inputs.networksAdvanced.map((n: { name: string }) => n.name);
  };

  it.each(ROLES.filter((role) => role !== "server"))(
    "keeps a region's %s on the region's network",
    (role) => {
      expect(networksOf(`region-aurora-${role}`)).toEqual(["t-region-aurora"]);
    },
  );

  it("lets a region's server also join the regional network, at its fixed address", () => {
    const server = two.one(CONTAINER, "region-aurora-server");
    expect(server.inputs.networksAdvanced).toEqual([
      {
        name: "t-region-aurora",
        aliases: ["region-aurora-server"],
        ipv4Address: expect.stringMatching(/^172\.22\.1\./),
      },
      {
        name: "t-regional",
        aliases: ["region-aurora-server"],
        ipv4Address: expect.stringMatching(/^172\.21\./),
      },
    ]);
    // It would make the Engine drop aliases and address of that network.
    expect("networkMode" in server.inputs).toBe(false);
  });

  it("keeps the Nexus' data off the regional network", () => {
    expect(networksOf("central-nexus-db")).toEqual(["t-nexus"]);
    expect(networksOf("redis-nexus")).toEqual(["t-nexus"]);
    expect(networksOf("central-nexus-server")).toEqual(["t-nexus", "t-regional"]);
    expect(networksOf("nginx-gateway")).toEqual(["t-nexus", "t-regional"]);
  });
});

describe("data volumes", () => {
  it("are plain names in their containers, made by these containers' hooks, and no resources", () => {
    const mounted = two.ofType(CONTAINER).flatMap(({ name, inputs, options }) =>
      (inputs.volumes ?? [])
        .filter(({ readOnly }: { readOnly?: boolean }) => !readOnly)
        .map(({ volumeName }: { volumeName: string }) => {
          expect(options.hooks, name).toContain("beforeCreateList");
          return volumeName;
        }),
    );
    expect(mounted.sort()).toEqual([
      "t-central-nexus-db-data",
      "t-redis-nexus-data",
      ...["aurora", "borealis"].flatMap((name) =>
        ["cache", "db", "storage"].map((role) => `t-region-${name}-${role}-data`),
      ),
    ]);
    for (const { inputs } of two.ofType(VOLUME))
      expect(inputs).toEqual({ name: expect.stringMatching(/-config$/), driver: "local" });
  });
});

describe("a worker", () => {
  const worker = async (overrides: ImageOverrides["worker"]) =>
    (await record(() => declarePlatform([region("aurora", 1)], true, { worker: overrides }))).one(
      CONTAINER,
      "region-aurora-worker",
    ).inputs;

  it("is not there in a region without one, whose others share its part", async () => {
    const { budget, players, resources } = region("aurora", 1);
    const without = region("aurora", 1, { budget: regionBudget(resources, players, { hasWorker: false }) });
    const recording = await record(() => declarePlatform([without]));
    const roles = ROLES.filter((role) => role !== "worker");
    expect(containerNames(recording)).toEqual(
      [...NEXUS_CONTAINERS, ...roles.map((role) => `region-aurora-${role}`)]
        .map((name) => `t-${name}`)
        .sort(),
    );
    const quota = recording.one(CONTAINER, "region-aurora-server").inputs.cpuQuota;
    expect(quota).toBeGreaterThan(budget.limits.server.cpuMillis * 100);
  });

  it("runs the image, program and health test that it is given, and a change of the program recreates it", async () => {
    const health = ["CMD", "true"];
    const own = { ref: "jobs:1", user: "7:7", health };
    // One after the other: a recording has the runtime to itself.
    const plain = await worker(own);
    const first = await worker({ ...own, command: ["work"] });
    const second = await worker({ ...own, command: ["work", "more"] });
    expect(first).toMatchObject({
      image: "jobs:1",
      user: "7:7",
      entrypoints: ["work"],
      healthcheck: { tests: restartingTest(health, 60) },
    });
    expect(plain.entrypoints).toBeUndefined();
    // Of a program that is taken back the provider sees no difference; a label is one.
    const labels = [plain, first, second].map((inputs) => JSON.stringify(inputs.labels));
    expect(new Set(labels).size).toBe(3);
  });
});

describe("adding a region", () => {
  it("changes nothing of what exists", async () => {
    const three = await record(() =>
      declarePlatform([region("aurora", 1), region("borealis", 2), region("celeste", 3)]),
    );
    const existing = three.resources.filter(({ name }) => !name.startsWith("region-celeste"));
    const sorted = (resources: RecordedResource[]) =>
      [...resources].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
    expect(sorted(existing)).toEqual(sorted(two.resources));
    expect(three.resources.length).toBeGreaterThan(two.resources.length);
  });
});

describe.each([
  ["derived from one resource", undefined],
  ["a resource each, in a stack that has them", earlier(16)],
])("secrets that are %s", (_, state) => {
  const regions = ["aurora", "borealis"];
  let seen: Recording;
  beforeAll(async () => {
    seen = await record(() => declarePlatform([region("aurora", 1), region("borealis", 2)]), state);
  });

  const databasePassword = (name: string): string => {
    const own = `region-${name}-db-app-password`;
    return state ? `secret-of-${own}` : derivedPassword(`secret-of-region-${name}-passwords`, own);
  };

  it("stay secret wherever they go", () => {
    for (const { name, inputs } of seen.resources) {
      const open = JSON.stringify(stripSecrets(inputs));
      for (const secret of ["secret-of-", ...regions.map(databasePassword)])
        expect(open.includes(secret), name).toBe(false);
    }
    expect(JSON.stringify(seen.resources)).toContain(databasePassword("aurora"));
  });

  it("are given to their own region only", () => {
    for (const { name, inputs } of seen.ofType(CONTAINER)) {
      for (const other of regions.filter((one) => !name.startsWith(`region-${one}`))) {
        expect(JSON.stringify(inputs), name).not.toContain(`secret-of-region-${other}`);
        expect(JSON.stringify(inputs), name).not.toContain(databasePassword(other));
      }
    }
  });
});

function stripSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(stripSecrets);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return "secret" in value
    ? "[secret]"
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stripSecrets(inner)]));
}
