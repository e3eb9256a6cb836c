import { beforeAll, describe, expect, it } from "vitest";
import { containerIn } from "../../catalog/desired";
import { DISK_ACCESS, DISK_KEEPER } from "../../catalog/keeper";
import type { ContainerLimits } from "../../regions/model";
import { type Container, containersOf, docker, execIn, NEXUS } from "../support/containers";
import { kernelFacts, kernelForm } from "../support/kernel";
import type { Project } from "../support/project";
import { REGIONS, sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

/** Ports of the host that each container may publish, by the settings. */
const PUBLISHED: Record<string, (project: Project) => number> = {
  "nginx-gateway": ({ settings }) => settings["nexus:gateway"].httpPort,
  "central-nexus-server": ({ settings }) => settings["nexus:publish"].nexusServer,
  "central-nexus-db": ({ settings }) => settings["nexus:publish"].nexusDb,
  "redis-nexus": ({ settings }) => settings["nexus:publish"].redis,
  "player-client": ({ settings }) => settings["nexus:publish"].playerClient,
  "admin-ui": ({ settings }) => settings["nexus:publish"].adminUi,
  "blackbox-exporter": ({ settings }) => settings["nexus:publish"].blackboxExporter,
};

const CPU_PERIOD = 100_000;

engineSuite("limits and hardening", (run) => {
  let project: Project;
  let containers: Map<string, Container>;
  /** What each container says of itself, by its name. */
  const inside = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    containers = await containersOf(project);
    await Promise.all(
      [...containers.values()].map(async ({ name, id }) => {
        inside.set(name, await kernelFacts(id));
      }),
    );
  });

  const each = (look: (container: Container, own: Record<string, string>) => void): void => {
    expect(containers.size).toBe(8 + 5 * REGIONS.length);
    for (const container of containers.values()) look(container, inside.get(container.name) ?? {});
  };
  /** All but the keeper of the disks, which has a test of its own. */
  const eachOrdinary: typeof each = (look) =>
    each((container, own) => {
      if (container.name !== DISK_KEEPER.container) look(container, own);
    });

  function declared({ region, role }: Container): ContainerLimits {
    return containerIn(project.platform.desired, { region, role }).limits;
  }

  describe("limits", () => {
    it("are in Docker what the model declares", () => {
      each((container) => {
        const { memoryBytes, cpuMillis, pids } = declared(container);
        const { Memory, MemorySwap, CpuQuota, CpuPeriod, PidsLimit } = container.info.HostConfig;
        expect({ Memory, MemorySwap, CpuQuota, CpuPeriod, PidsLimit }, container.name).toEqual({
          Memory: memoryBytes,
          MemorySwap: memoryBytes,
          CpuQuota: cpuMillis * 100,
          CpuPeriod: CPU_PERIOD,
          PidsLimit: pids,
        });
      });
    });

    it("are what the kernel enforces", () => {
      each((container, { swap, ...own }) => {
        expect(own, container.name).toMatchObject(kernelForm(declared(container)));
        // A kernel without swap accounting has no such file.
        expect(["0", "none"], container.name).toContain(swap);
      });
    });

    it("of a region's containers never exceed the region's size", () => {
      for (const region of project.platform.regions) {
        const own = [...containers.values()].filter((container) => container.region === region.name);
        expect(own).toHaveLength(5);
        const sum = (of: (container: Container) => number): number =>
          own.reduce((total, one) => total + of(one), 0);
        const memory = sum(({ info }) => info.HostConfig.Memory ?? 0);
        const cpu = sum(({ info }) => (info.HostConfig.CpuQuota ?? 0) / 100);
        expect(memory).toBeLessThanOrEqual(region.resources.memoryBytes);
        expect(cpu).toBeLessThanOrEqual(region.resources.cpuMillis);
        // Nor is a part of it lost: rounding takes less than 2 %.
        expect(memory).toBeGreaterThan(region.resources.memoryBytes * 0.98);
        expect(cpu).toBeGreaterThan(region.resources.cpuMillis * 0.98);
      }
    });
  });

  describe("hardening", () => {
    it("gives no container root, capabilities, new privileges or a writable root", () => {
      eachOrdinary(({ name, info }, own) => {
        const { ReadonlyRootfs, CapDrop, CapAdd, Privileged, SecurityOpt } = info.HostConfig;
        expect({ ReadonlyRootfs, CapDrop, CapAdd, Privileged }, name).toEqual({
          ReadonlyRootfs: true,
          CapDrop: ["ALL"],
          CapAdd: null,
          Privileged: false,
        });
        expect(SecurityOpt, name).toContain("no-new-privileges:true");
        const { CapEff, CapPrm, CapBnd, NoNewPrivs, Uid = "", Gid = "" } = own;
        expect({ CapEff, CapPrm, CapBnd, NoNewPrivs }, name).toEqual({
          CapEff: "0000000000000000",
          CapPrm: "0000000000000000",
          CapBnd: "0000000000000000",
          NoNewPrivs: "1",
        });
        const ids = [...Uid.split(/\s+/), ...Gid.split(/\s+/)];
        expect(ids, name).toHaveLength(8);
        expect(ids, name).not.toContain("0");
      });
    });

    it("gives the keeper of the disks the right to mount, loop devices and the data root, and no network", () => {
      const { info } = containers.get(DISK_KEEPER.container) ?? {};
      const own = inside.get(DISK_KEEPER.container) ?? {};
      const { ReadonlyRootfs, CapAdd, Privileged, NetworkMode, DeviceCgroupRules } = info?.HostConfig ?? {};
      expect({ ReadonlyRootfs, CapAdd, Privileged, NetworkMode, DeviceCgroupRules }).toEqual({
        ReadonlyRootfs: true,
        CapAdd: [...DISK_ACCESS.capabilities],
        Privileged: false,
        NetworkMode: "none",
        DeviceCgroupRules: [...DISK_ACCESS.deviceCgroupRules],
      });
      // CAP_SYS_ADMIN is bit 21.
      const admin = (2 ** 21).toString(16).padStart(16, "0");
      expect([own.CapEff, own.CapBnd, own.NoNewPrivs]).toEqual([admin, admin, "1"]);
      expect(info?.Mounts.map(({ Destination }) => Destination).sort()).toEqual(["/dev", project.dataRoot]);
    });

    it("refuses a write to the root file system and to the configuration", async () => {
      for (const container of containers.values()) {
        await expect(execIn(container.id, ["sh", "-c", "echo x > /written"]), container.name).rejects.toThrow(
          /[Rr]ead-only file system/,
        );
        const hasConfig = container.info.Mounts.some(({ Destination }) => Destination === "/etc/nexus");
        if (!hasConfig) continue;
        await expect(
          execIn(container.id, ["sh", "-c", "echo x > /etc/nexus/written"]),
          container.name,
        ).rejects.toThrow(/[Rr]ead-only file system/);
      }
    });

    it("publishes the gateway's port and the loopback ones of the settings, and nothing else", () => {
      each(({ name, info }) => {
        const bindings = Object.values(info.NetworkSettings.Ports).flatMap((ports) => ports ?? []);
        const port = PUBLISHED[name]?.(project);
        expect(bindings, name).toEqual(
          port === undefined ? [] : [{ HostIp: "127.0.0.1", HostPort: String(port) }],
        );
      });
    });

    it("mounts no Docker socket, host folder or foreign volume; configuration is read-only", () => {
      eachOrdinary(({ name, info }) => {
        for (const mount of info.Mounts) {
          expect(mount.Type, name).toBe("volume");
          expect(mount.Name, name).toMatch(new RegExp(`^${project.prefix}${name}-(config|data)$`));
          expect(mount.RW, `${name} ${mount.Destination}`).toBe(!mount.Name?.endsWith("-config"));
        }
        expect(JSON.stringify(info.HostConfig.Binds ?? []), name).not.toContain("docker.sock");
      });
    });

    it("puts each container on the networks of the specification, and none on Docker's default one", async () => {
      const bridge = await docker.getNetwork("bridge").inspect();
      eachOrdinary(({ name, info, region, role }) => {
        const networks = Object.keys(info.NetworkSettings.Networks).map((network) =>
          network.slice(project.prefix.length),
        );
        const own = region === NEXUS ? "nexus" : `region-${region}`;
        const isOnRegional = role === "server" || role === "gateway";
        expect(networks.sort(), name).toEqual(isOnRegional ? [own, "regional"].sort() : [own]);
        expect(Object.keys(bridge.Containers ?? {}), name).not.toContain(info.Id);
      });
    });

    it("restarts what ends, and keeps logs bounded", () => {
      each(({ name, info }) => {
        const policy = name === DISK_KEEPER.container ? "always" : "unless-stopped";
        expect(info.HostConfig.RestartPolicy?.Name, name).toBe(policy);
        // The `local` driver rotates: 5 files of 20 MB each.
        expect(info.HostConfig.LogConfig?.Type, name).toBe("local");
      });
    });
  });
});
