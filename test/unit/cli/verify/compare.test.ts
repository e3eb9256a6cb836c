import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compare } from "../../../../cli/verify/compare";
import { deviceOf, disksOf, mountDevices, type RegionDisk } from "../../../../cli/verify/disk";
import type { Gap } from "../../../../cli/verify/gap";
import { planLimits } from "../../../../cli/verify/limits";
import { notes } from "../../../../cli/verify/notes";
import type { Observed, ObservedContainer } from "../../../../cli/verify/observed";
import { remediesFor } from "../../../../cli/verify/remedies";
import { MIB } from "../../../../config/units";
import { regionAddresses } from "../../../../regions/addresses";
import { regionBudget } from "../../../../regions/budget";
import { RANGES, region } from "../../../support/platform";
import { expectedOf, perfect, withContainer } from "./fixtures";

const DECLARED = expectedOf([region("aurora", 1), region("borealis", 2)]);
const DB = "t-region-aurora-db";
const SERVER = "t-region-aurora-server";

const gaps = (observed: Observed, declared = DECLARED): Gap[] =>
  compare(declared, observed, remediesFor("test"));
const short = (found: Gap[]): string[] =>
  found.map(({ region, container, what, declared, enforced }) =>
    [region, container, what, declared, enforced].join("|"),
  );

const changed = (name: string, change: (is: ObservedContainer) => Partial<ObservedContainer>): string[] =>
  short(gaps(withContainer(perfect(DECLARED), name, change)));

describe("a host that is as declared", () => {
  it("has no gap, whatever the platform", () => {
    const platform = fc
      .uniqueArray(
        fc.record({
          slot: fc.integer({ min: 1, max: 255 }),
          cpuMillis: fc.integer({ min: 100, max: 800 }).map((value) => value * 10),
          memoryBytes: fc.integer({ min: 2_000_000_000, max: 16_000_000_000 }),
          diskBytes: fc.integer({ min: 10_000_000_000, max: 100_000_000_000 }),
          players: fc.integer({ min: 10, max: 1000 }),
        }),
        { maxLength: 6, selector: ({ slot }) => slot },
      )
      .map((regions) =>
        regions.map(({ slot, players, ...resources }) =>
          region(`region-${slot}`, slot, {
            resources,
            players,
            budget: regionBudget(resources, players),
            addresses: regionAddresses(slot, RANGES),
          }),
        ),
      );
    const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
    const publish = fc.record({
      nexusServer: port,
      nexusDb: port,
      redis: port,
      playerClient: port,
      adminUi: port,
    });
    fc.assert(
      fc.property(platform, publish, (regions, published) => {
        const declared = expectedOf(regions, { publish: published });
        const observed = perfect(declared);
        expect(gaps(observed, declared)).toEqual([]);
        expect(planLimits(declared.containers, observed.containers)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("and any container that is taken away is named", () => {
    for (const { name, region, optional } of DECLARED.containers) {
      if (optional) continue;
      const observed = perfect(DECLARED);
      const containers = observed.containers.filter((one) => one.name !== name);
      expect(short(gaps({ ...observed, containers }))).toEqual([
        `${region}|${name}|container|running|missing`,
      ]);
    }
  });
});

describe("limits", () => {
  const enforced = (limits: object) => (is: ObservedContainer) => ({
    enforced: { source: "kernel" as const, limits: { ...is.enforced?.limits, ...limits } },
  });
  const declared = DECLARED.containers.find(({ name }) => name === DB)?.limits;
  const { cpuMillis = 0, memoryBytes = 0, pids = 0 } = declared ?? {};

  it.each([
    ["cpuMillis", cpuMillis - 10, "CPU"],
    ["cpuMillis", cpuMillis + 10, "CPU"],
    ["cpuMillis", null, "CPU"],
    ["memoryBytes", memoryBytes + MIB, "memory"],
    ["memoryBytes", memoryBytes - MIB, "memory"],
    ["memoryBytes", null, "memory"],
    ["swapBytes", 4096, "swap"],
    ["swapBytes", null, "swap"],
    ["pids", pids + 1, "pids"],
    ["pids", pids - 1, "pids"],
    ["pids", null, "pids"],
  ])("%s %s in the kernel is a gap", (key, value, what) => {
    const found = gaps(withContainer(perfect(DECLARED), DB, enforced({ [key]: value })));
    expect(found).toMatchObject([{ region: "aurora", container: DB, what }]);
    if (value === null) expect(found[0]?.enforced).toBe("no limit");
    expect(found[0]?.remedy).toBe("npm run up -- --stack test");
  });

  it("that only hold until the next start are a gap as well", () => {
    const found = changed(DB, (is) => ({ configured: { ...is.configured, pids: null } }));
    expect(found).toEqual([`aurora|${DB}|pids|${pids}|no limit from its next start on`]);
  });

  it("of swap that the kernel does not count are no gap but a note", () => {
    const observed = withContainer(perfect(DECLARED), DB, (is) => ({
      ...enforced({ swapBytes: undefined })(is),
      configured: { ...is.configured, swapBytes: null },
    }));
    expect(gaps(observed)).toEqual([]);
    expect(notes(DECLARED, observed).map(({ text }) => text)).toContain(
      "this host's kernel does not count swap, so that limit is not enforced",
    );
  });

  it("are put right where a container has them wrong, and nowhere else", () => {
    const observed = withContainer(perfect(DECLARED), DB, enforced({ pids: null, cpuMillis: 5 }));
    expect(planLimits(DECLARED.containers, observed.containers)).toMatchObject([
      { id: `id-of-${DB}`, limits: declared, differences: [{ what: "CPU" }, { what: "pids" }] },
    ]);
  });

  it("of a stopped container are put right as well", () => {
    const observed = withContainer(perfect(DECLARED), DB, (is) => ({
      state: "exited",
      enforced: undefined,
      configured: { ...is.configured, memoryBytes: 1 },
    }));
    expect(planLimits(DECLARED.containers, observed.containers)).toHaveLength(1);
    expect(short(gaps(observed))).toEqual([
      `aurora|${DB}|state|running|exited`,
      expect.stringMatching(/\|memory\|.*\|1 bytes from its next start on$/),
    ]);
  });
});

describe("state", () => {
  it.each([
    ["exited", "npm run up -- --stack test"],
    ["created", "npm run up -- --stack test"],
    ["dead", "npm run up -- --stack test"],
    ["paused", `docker unpause ${DB}`],
    ["restarting", `docker logs ${DB} says why it ends`],
  ])("%s is a gap", (state, remedy) => {
    const found = gaps(withContainer(perfect(DECLARED), DB, () => ({ state })));
    expect(found).toMatchObject([{ what: "state", declared: "running", enforced: state, remedy }]);
  });

  it("unhealthy is a gap, starting a note", () => {
    expect(changed(DB, () => ({ health: "unhealthy" }))).toEqual([`aurora|${DB}|state|healthy|unhealthy`]);
    const starting = withContainer(perfect(DECLARED), DB, () => ({
      health: "starting",
      restarts: 2,
      kills: 1,
    }));
    expect(gaps(starting)).toEqual([]);
    expect(
      notes(DECLARED, starting)
        .filter(({ container }) => container === DB)
        .map(({ text }) => text),
    ).toEqual([
      "ended by itself and was restarted 2 times",
      "1 process killed at the memory limit since its start",
      "is not healthy yet: it has just started",
    ]);
  });
});

describe("hardening and everything else that only a new container can change", () => {
  const hardening = (change: object) => (is: ObservedContainer) => ({
    hardening: { ...is.hardening, ...change },
  });
  it.each<[string, (is: ObservedContainer) => Partial<ObservedContainer>, string]>([
    ["a writable root", hardening({ readOnly: false }), "root file system|read-only|writable"],
    ["privileged", hardening({ privileged: true }), "privileged|no|yes"],
    ["capabilities kept", hardening({ capDrop: [] }), "capabilities dropped|ALL|none"],
    ["a capability added", hardening({ capAdd: ["NET_ADMIN"] }), "capabilities added|none|NET_ADMIN"],
    ["no security option", hardening({ securityOpt: [] }), "security options|no-new-privileges:true|none"],
    [
      "a security option more",
      hardening({ securityOpt: ["no-new-privileges:true", "seccomp=unconfined"] }),
      "security options|no-new-privileges:true|no-new-privileges:true, seccomp=unconfined",
    ],
    ["the host's processes", hardening({ hostNamespaces: ["pid"] }), "namespaces of the host|none|pid"],
    ["a class of devices", hardening({ deviceRules: ["b 7:* rwm"] }), "device rules|none|b 7:* rwm"],
    ["a device", hardening({ devices: ["/dev/kvm"] }), "devices|none|/dev/kvm"],
    [
      "a capability in the kernel",
      hardening({ kernel: { capabilities: "00000000a80425fb", noNewPrivileges: true } }),
      "capabilities in the kernel|none|0xa80425fb",
    ],
    [
      "new privileges in the kernel",
      hardening({ kernel: { capabilities: "0000000000000000", noNewPrivileges: false } }),
      "new privileges in the kernel|no|yes",
    ],
    ["another image", () => ({ image: "other:1" }), `image|${imageOf(DB)}|other:1`],
    ["root", () => ({ user: "" }), "user|70:70|root"],
    ["no restart", () => ({ restartPolicy: "no" }), "restart policy|unless-stopped|no"],
    ["no health check", () => ({ hasHealthCheck: false }), "health check|present|none"],
    [
      "a published port",
      () => ({ ports: [{ internal: 5432, external: 5432, ip: "0.0.0.0" }] }),
      "published ports|none|0.0.0.0:5432->5432",
    ],
  ])("%s", (_, change, wanted) => {
    const found = gaps(withContainer(perfect(DECLARED), DB, change));
    expect(short(found)).toEqual([`aurora|${DB}|${wanted}`]);
    expect(found[0]?.remedy).toBe(
      `docker rm -f ${DB}, then npm run up -- --stack test: it is made again and keeps its data`,
    );
  });

  it("without what only this machine's kernel tells, there is nothing to compare", () => {
    expect(changed(DB, (is) => ({ hardening: { ...is.hardening, kernel: undefined } }))).toEqual([]);
  });

  it("a published port that is missing, or beyond loopback", () => {
    expect(changed("t-central-nexus-db", () => ({ ports: [] }))).toEqual([
      "central-nexus|t-central-nexus-db|published ports|127.0.0.1:5433->5432|none",
    ]);
    const open = (is: ObservedContainer) => ({ ports: is.ports.map((one) => ({ ...one, ip: "0.0.0.0" })) });
    expect(changed("t-central-nexus-db", open)).toEqual([
      "central-nexus|t-central-nexus-db|published ports|127.0.0.1:5433->5432|0.0.0.0:5433->5432",
    ]);
  });

  it("a mount more, one less, one writable", () => {
    const socket = { type: "bind", source: "/var/run/docker.sock", path: "/d.sock", readOnly: true };
    expect(changed(SERVER, (is) => ({ mounts: [...is.mounts, socket] }))).toEqual([
      `aurora|${SERVER}|mounts|none|bind /var/run/docker.sock:/d.sock:ro`,
    ]);
    expect(changed(DB, ({ mounts }) => ({ mounts: mounts.slice(1) }))).toHaveLength(1);
    expect(
      changed(DB, ({ mounts }) => ({ mounts: mounts.map((one) => ({ ...one, readOnly: false })) })),
    ).toHaveLength(1);
  });

  it("the one on the allow-list has what is listed there, and that is not listed for others", () => {
    const keeper = perfect(DECLARED).containers.find(({ name }) => name === "t-disk-keeper");
    const kernel = { capabilities: "0000000000200000", noNewPrivileges: true };
    expect(keeper?.hardening.kernel).toEqual(kernel);
    expect(changed("t-disk-keeper", hardening({ kernel: { ...kernel, capabilities: "0" } }))).toEqual([
      "central-nexus|t-disk-keeper|capabilities in the kernel|0x200000|none",
    ]);
    expect(changed(DB, hardening({ capAdd: ["CAP_SYS_ADMIN"], kernel }))).toHaveLength(2);
  });

  it("the one on the allow-list may be missing where the host need not keep disk limits", () => {
    const without = (declared: typeof DECLARED) => {
      const observed = perfect(declared);
      return { ...observed, containers: observed.containers.filter(({ name }) => name !== "t-disk-keeper") };
    };
    expect(gaps(without(DECLARED))).toEqual([]);
    const required = expectedOf([region("aurora", 1)], { diskLimit: "require" });
    expect(short(gaps(without(required), required))).toEqual([
      "central-nexus|t-disk-keeper|container|running|missing",
    ]);
  });

  it("a container of something else under a declared name is one gap", () => {
    expect(changed(DB, () => ({ stack: undefined, image: "other:1", user: "" }))).toEqual([
      `aurora|${DB}|stack|this stack|made by something else`,
    ]);
  });
});

function imageOf(name: string): string | undefined {
  return DECLARED.containers.find((container) => container.name === name)?.image;
}

describe("networks", () => {
  it("a container that left, or is on one too many", () => {
    const [own] = perfect(DECLARED).containers.find(({ name }) => name === DB)?.networks ?? [];
    expect(changed(DB, () => ({ networks: [] }))).toEqual([
      `aurora|${DB}|network t-region-aurora|${own?.fixed}|not on it`,
    ]);
    const extra = { network: "t-regional", aliases: [], address: "172.21.128.2" };
    const found = gaps(withContainer(perfect(DECLARED), DB, (is) => ({ networks: [...is.networks, extra] })));
    expect(short(found)).toEqual([`aurora|${DB}|network t-regional|not on it|172.21.128.2`]);
    expect(found[0]?.remedy).toBe(`docker network disconnect t-regional ${DB}`);
  });

  it("an address or a DNS name that is not the declared one", () => {
    const address = (change: object) => (is: ObservedContainer) => ({
      networks: is.networks.map((one) => ({ ...one, ...change })),
    });
    expect(changed(DB, address({ address: "172.22.1.99", fixed: "172.22.1.99" }))).toEqual([
      `aurora|${DB}|network t-region-aurora|172.22.1.11|172.22.1.99`,
    ]);
    expect(changed(DB, address({ address: "172.22.1.99" }))).toEqual([
      `aurora|${DB}|network t-region-aurora|172.22.1.11|172.22.1.99`,
    ]);
    expect(changed(DB, address({ fixed: undefined }))).toEqual([
      `aurora|${DB}|network t-region-aurora|172.22.1.11|not fixed`,
    ]);
    expect(changed(DB, address({ aliases: ["0123456789ab"] }))).toEqual([
      `aurora|${DB}|network t-region-aurora, DNS name|region-aurora-db|none`,
    ]);
  });

  it("a stopped container keeps its fixed address, though it has none now", () => {
    const stopped = (is: ObservedContainer) => ({
      state: "exited",
      enforced: undefined,
      networks: is.networks.map((one) => ({ ...one, address: undefined })),
    });
    expect(changed(DB, stopped)).toEqual([`aurora|${DB}|state|running|exited`]);
  });

  it("a stranger is named with the region whose network it is on", () => {
    const observed = perfect(DECLARED);
    const stranger = { network: "t-region-borealis", container: "snoop", address: "172.22.2.77" };
    const found = gaps({ ...observed, members: [...observed.members, stranger] });
    expect(short(found)).toEqual(["borealis|snoop|network t-region-borealis|not on it|172.22.2.77"]);
    expect(found[0]?.remedy).toBe("docker network disconnect t-region-borealis snoop");
  });

  it.each([
    ["range", { subnet: "10.0.0.0/24" }, "172.22.1.0/24|10.0.0.0/24"],
    ["gateway", { gateway: "172.22.1.254" }, "172.22.1.1|172.22.1.254"],
    ["way out", { internal: false }, "none|open"],
  ])("another %s", (what, change, wanted) => {
    const observed = perfect(DECLARED);
    const networks = observed.networks.map((one) =>
      one.name === "t-region-aurora" ? { ...one, ...change } : one,
    );
    expect(short(gaps({ ...observed, networks }))).toEqual([
      `aurora||${what} of network t-region-aurora|${wanted}`,
    ]);
  });

  it("one that is missing, and one that no file declares", () => {
    const observed = perfect(DECLARED);
    const networks = observed.networks.filter(({ name }) => name !== "t-regional");
    expect(short(gaps({ ...observed, networks }))).toEqual([
      "central-nexus||network t-regional|172.21.0.0/16|missing",
    ]);
    const [first] = networks;
    const extra = first ? [...observed.networks, { ...first, name: "t-region-old" }] : [];
    expect(short(gaps({ ...observed, networks: extra }))).toEqual([
      "(no region)||network t-region-old|none|there",
    ]);
  });
});

describe("volumes", () => {
  it("that are missing or lead elsewhere", () => {
    const observed = perfect(DECLARED);
    const volumes = observed.volumes.flatMap((one) => {
      if (one.name === `${DB}-config`) return [];
      return one.name === `${DB}-data` ? [{ ...one, folder: "/elsewhere" }] : [one];
    });
    expect(short(gaps({ ...observed, volumes }))).toEqual([
      `aurora||volume ${DB}-config|kept by Docker|missing`,
      `aurora||volume ${DB}-data|/data/aurora/db|/elsewhere`,
    ]);
  });
});

describe("regions", () => {
  it("one that is not there at all is one gap", () => {
    const observed = perfect(DECLARED);
    const left = <T extends { name: string }>(list: T[]): T[] =>
      list.filter(({ name }) => !/borealis/.test(name));
    const without = {
      ...observed,
      containers: left(observed.containers),
      networks: left(observed.networks),
      volumes: left(observed.volumes),
    };
    expect(short(gaps(without))).toEqual(["borealis||all containers|running|missing"]);
  });

  it("a container with the stack's label that no file declares is named once", () => {
    const observed = perfect(DECLARED);
    const [first] = observed.containers;
    if (!first) throw new Error("no container");
    const orphan = { ...first, name: "t-region-old-db", region: "old" };
    const found = gaps({
      ...observed,
      containers: [...observed.containers, orphan],
      members: [...observed.members, { network: "t-regional", container: "t-region-old-db" }],
    });
    expect(short(found)).toEqual(["(no region)|t-region-old-db|container|none|running"]);
  });
});

describe("disk", () => {
  const GB = 1e9;
  const SIZE = 10 * GB;
  const fileSystem = { sizeBytes: 9.93 * GB, device: "7:1" };
  const withDisk = (change: Partial<RegionDisk>): Observed => {
    const disk = { sizeBytes: SIZE, usedBytes: GB, mounted: true, means: "loop", fileSystem, ...change };
    return { ...perfect(DECLARED), disks: new Map([["aurora", disk]]) };
  };
  const none = { means: "none", mounted: false, sizeBytes: undefined, fileSystem: undefined };

  it.each<[string, Partial<RegionDisk>, string | undefined]>([
    ["of the declared size", {}, undefined],
    ["less than a sector smaller", { sizeBytes: SIZE - 511 }, undefined],
    ["a sector smaller", { sizeBytes: SIZE - 512 }, "9999999488 bytes"],
    ["larger", { sizeBytes: SIZE + 1e8 }, "10.1GB"],
    [
      "grown, but not its file system",
      { fileSystem: { ...fileSystem, sizeBytes: 9 * GB } },
      "a file system of 9.0GB",
    ],
    [
      "of the right size, with the host's file system in its place",
      { fileSystem: { ...fileSystem, sizeBytes: 500 * GB } },
      "a file system of 500.0GB",
    ],
    ["of another machine, whose file system nobody can ask", { fileSystem: undefined }, undefined],
    ["not mounted", { mounted: false }, "not mounted"],
    ["missing", { means: "missing", mounted: false, sizeBytes: undefined }, "no disk"],
    ["not enforced, which is accepted", { ...none, usedBytes: SIZE }, undefined],
    ["not enforced, and nobody counted", { ...none, usedBytes: undefined }, undefined],
    ["not enforced and passed", { ...none, usedBytes: SIZE + 1e8 }, "no limit, 10.1GB used"],
  ])("%s", (_, change, enforced) => {
    expect(short(gaps(withDisk(change)))).toEqual(enforced ? [`aurora||disk|10GB|${enforced}`] : []);
  });

  it("not enforced where it is required", () => {
    const found = compare({ ...DECLARED, diskRequired: true }, withDisk(none), remediesFor("dev"));
    expect(short(found)).toEqual(["aurora||disk|10GB|no limit, 1.0GB used"]);
  });

  it("a container that still writes beside it", () => {
    const on = (device: string | undefined) =>
      withContainer(withDisk({}), DB, ({ mounts }) => ({
        mounts: mounts.map((one) => ({ ...one, device })),
      }));
    expect(short(gaps(on("7:1")))).toEqual([]);
    expect(short(gaps(on(undefined)))).toEqual([]);
    expect(short(gaps(on("254:0")))).toEqual([
      `aurora|${DB}|disk below /var/lib/postgresql/data|the region's (7:1)|another one (254:0)`,
    ]);
  });

  it("usage is a note, as far as it is known", () => {
    const texts = (change: Partial<RegionDisk>) => notes(DECLARED, withDisk(change)).map(({ text }) => text);
    expect(texts({})).toEqual(["disk: 1.0GB of 10GB used"]);
    expect(texts(none)).toEqual(["disk limit not enforced on this host; 1.0GB of 10GB used"]);
    expect(texts({ ...none, usedBytes: undefined })).toEqual(["disk limit not enforced on this host"]);
  });

  it("is told from the report of all disks", () => {
    const report = { means: "loop", mounted: true, sizeBytes: 5, usedBytes: 1 };
    expect(disksOf(["a", "b"], new Map([["a", report]]), new Map())).toEqual(
      new Map<string, RegionDisk>([
        ["a", report],
        ["b", { means: "missing", mounted: false }],
      ]),
    );
    const counted = { means: "none", mounted: false, sizeBytes: 0, usedBytes: 7 };
    expect(disksOf(["a", "b"], undefined, new Map([["a", counted]]))).toEqual(
      new Map<string, RegionDisk>([
        ["a", counted],
        ["b", { means: "none", mounted: false }],
      ]),
    );
  });

  it("and its device by the kernel's numbers", () => {
    // Of /dev/loop3, /dev/vda1, and one with numbers that need the upper bits.
    expect([0x703, 0xfe01, 0x12345678].map((dev) => deviceOf(BigInt(dev)))).toEqual([
      "7:3",
      "254:1",
      "1110:74616",
    ]);
    const line = "92 73 254:0 /var/data/db /var/lib/postgresql/data rw,relatime - ext4 /dev/vda rw";
    expect(mountDevices(`${line}\n\n`)).toEqual(new Map([["/var/lib/postgresql/data", "254:0"]]));
  });
});
