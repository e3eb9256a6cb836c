import { beforeAll, describe, expect, it } from "vitest";
import { CONTAINER, REGION, type RecordedResource, type Recording, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

/** The one container that reaches the host; what it may is checked by itself. */
const KEEPER = "disk-keeper";

let two: Recording;

beforeAll(async () => {
  two = await record(() => declarePlatform([region("aurora", 1), region("borealis", 2)]));
});

describe("every container", () => {
  const each = (check: (container: RecordedResource) => void) => {
    const containers = two.ofType(CONTAINER);
    expect(containers).toHaveLength(18);
    containers.forEach(check);
  };
  const eachOrdinary = (check: (container: RecordedResource) => void) =>
    each((container) => {
      if (container.name !== KEEPER) check(container);
    });

  it("has limits: memory without swap, CPU as quota and never as `cpus`", () =>
    each(({ name, inputs }) => {
      expect(inputs.memory, name).toBeGreaterThan(0);
      expect(inputs.memorySwap, name).toBe(inputs.memory);
      expect(inputs.cpuPeriod, name).toBe(100_000);
      expect(inputs.cpuQuota, name).toBeGreaterThanOrEqual(1000);
      expect("cpus" in inputs, name).toBe(false);
    }));

  it("is hardened: read-only root, no capability, no privilege to gain, no root user", () =>
    eachOrdinary(({ name, inputs }) => {
      expect(inputs.readOnly, name).toBe(true);
      expect(inputs.capabilities, name).toEqual({ drops: ["ALL"] });
      expect(inputs.securityOpts, name).toEqual(["no-new-privileges:true"]);
      expect(inputs.user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect("privileged" in inputs, name).toBe(false);
      expect("mounts" in inputs, name).toBe(false);
      expect("deviceCgroupRules" in inputs, name).toBe(false);
    }));

  it("is replaced, old one first, by what the provider would only pretend to update", () =>
    each(({ name, options }) => {
      expect(options.deleteBeforeReplace, name).toBe(true);
      expect(options.replaceOnChanges, name).toEqual([
        ...["cpuPeriod", "healthcheck", "init", "mounts", "tmpfs"],
        "#initerror",
      ]);
      expect(options.additionalSecretOutputs, name).toEqual(["envs"]);
    }));

  it("is asked by us whether it is ready, is restarted, and has time to stop", () =>
    each(({ name, inputs }) => {
      expect(inputs.wait, name).toBe(false);
      expect(inputs.healthcheck.tests[0], name).toMatch(/^CMD/);
      expect(inputs.restart, name).toBe(name === KEEPER ? "always" : "unless-stopped");
      expect(inputs.destroyGraceSeconds, name).toBeGreaterThanOrEqual(
        /-(db|cache)-|-redis-/.test(name) ? 60 : 30,
      );
    }));

  it("of the game server restarts itself when its health test fails for long, and no other one does", () => {
    const watching = two.ofType(CONTAINER).filter(({ inputs }) => inputs.init);
    expect(watching.map(({ name }) => name).sort()).toEqual([
      "nexus-server",
      ...["aurora", "borealis"].flatMap((name) => [`region-${name}-server`, `region-${name}-worker`]),
    ]);
    for (const { name, inputs } of two.ofType(CONTAINER)) {
      const { tests } = inputs.healthcheck as { tests: string[] };
      expect(JSON.stringify(tests).includes("restarting"), name).toBe(inputs.init);
    }
    const [form, shell, flag, , , seconds, ...own] = two.one(CONTAINER, "nexus-server").inputs.healthcheck
      .tests as string[];
    expect([form, shell, flag, seconds]).toEqual(["CMD", "/bin/sh", "-c", "60"]);
    expect(own).toEqual(["/app/healthcheck", "server"]);
  });

  it("publishes on loopback if at all", () => {
    const published = two
      .ofType(CONTAINER)
      .flatMap(({ inputs }) => (inputs.ports ?? []).map((p: object) => ({ container: inputs.name, ...p })))
      .sort((a, b) => (a.container < b.container ? -1 : 1));
    expect(published).toEqual([
      { container: "t-central-nexus-db", external: 5433, internal: 5432, ip: "127.0.0.1", protocol: "tcp" },
      { container: "t-nginx-gateway", external: 80, internal: 8080, ip: "127.0.0.1", protocol: "tcp" },
    ]);
  });

  it("carries no secret in its command, labels or health check", () =>
    each(({ name, inputs }) => {
      const visible = JSON.stringify([inputs.command, inputs.entrypoints, inputs.labels, inputs.healthcheck]);
      expect(visible, name).not.toMatch(/secret/);
    }));

  it("reads its rendered files from a read-only volume, and is replaced when one changes", () => {
    const configured = two
      .ofType(CONTAINER)
      .filter(({ inputs }) =>
        (inputs.volumes ?? []).some(({ readOnly }: { readOnly?: boolean }) => readOnly),
      );
    expect(configured.map(({ inputs }) => inputs.name).sort()).toEqual(
      ["blackbox-exporter", "central-nexus-db", "nginx-gateway", "redis-nexus"]
        .concat(
          ["aurora", "borealis"].flatMap((r) =>
            ["cache", "db", "storage"].map((role) => `region-${r}-${role}`),
          ),
        )
        .map((name) => `t-${name}`)
        .sort(),
    );
    for (const { name, inputs } of configured) {
      expect(inputs.volumes[0], name).toMatchObject({ containerPath: "/etc/nexus", readOnly: true });
      const label = inputs.labels.find((l: { label: string }) => l.label === "io.sectorwars.config");
      expect(label.value, name).toMatch(/^[0-9a-f]{16}$/);
    }
  });

  it("takes no upload: the provider cannot write into a read-only root", () =>
    each(({ name, inputs }) => expect("uploads" in inputs, name).toBe(false)));
});

describe("the keeper of the disks", () => {
  const keeper = () => two.one(CONTAINER, KEEPER).inputs;

  it("has what mounting takes, and no more", () => {
    expect(keeper()).toMatchObject({
      user: "0:0",
      readOnly: true,
      capabilities: { adds: ["CAP_SYS_ADMIN"], drops: ["ALL"] },
      securityOpts: ["no-new-privileges:true", "apparmor=unconfined"],
      deviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
      mounts: [
        { type: "bind", source: "/dev", target: "/dev" },
        { type: "bind", source: "/data", target: "/data", bindOptions: { propagation: "rshared" } },
      ],
    });
    expect("privileged" in keeper()).toBe(false);
  });

  it("has no network and publishes nothing", () => {
    expect(keeper().networkMode).toBe("none");
    expect(keeper().networksAdvanced ?? []).toEqual([]);
    expect("ports" in keeper()).toBe(false);
  });

  it("is not there on a host that cannot keep disk limits, and the regions say so", async () => {
    const without = await record(() => declarePlatform([region("aurora", 1)], false));
    expect(without.ofType(CONTAINER).map(({ name }) => name)).not.toContain(KEEPER);
    expect(without.one(REGION, "region-aurora").inputs.diskMeans).toBe("none");
  });
});
