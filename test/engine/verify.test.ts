import { afterAll, beforeAll, expect, it } from "vitest";
import { CPU_PERIOD_MICROS } from "../../components/resize";
import { localRefs } from "../../images/recipes";
import type { Verification } from "../../operations/verify/verify";
import { containerOf, containersOf, docker, execIn, identities } from "../support/containers";
import { Project, regionFile, succeeded } from "../support/project";
import { NAME_START } from "../support/run";
import { engineSuite } from "../support/suite";
import { buildThinImage } from "../support/thinImage";
import { REPOSITORY } from "../support/toolchain";
import { eventually } from "../support/wait";

const MIB = 2 ** 20;

// One story: each test goes on from where the one before it ended.
engineSuite("verify", (run) => {
  let project: Project;
  let before: Record<string, string>;
  const stranger = (): string => `${NAME_START}${run.id}v-stranger`;

  const images = {
    postgres: `nexus-local/${NAME_START}${run.id}v-postgres:15.0`,
    redis: `nexus-local/${NAME_START}${run.id}v-redis:7.0`,
  };

  // The official images open their data folders to everybody, and Docker copies that onto an empty volume.
  beforeAll(async () => {
    project = await Project.make(run, "v", docker);
    project.addRegion(regionFile("alpha", 1));
    await buildThinImage(docker, localRefs(REPOSITORY).postgres, images.postgres, [
      "RUN chmod 1777 /var/lib/postgresql/data",
      "VOLUME /var/lib/postgresql/data",
    ]);
    await buildThinImage(docker, localRefs(REPOSITORY).redis, images.redis, ["VOLUME /data"]);
    project.settings["nexus:imageOverrides"] = {
      postgres: { ref: images.postgres },
      redis: { ref: images.redis },
    };
    project.writeSettings();
  });
  afterAll(async () => {
    await project?.remove(docker);
    for (const name of Object.values(images))
      await docker
        .getImage(name)
        .remove()
        .catch(() => undefined);
  });

  async function verify(): Promise<{ code: number; said: Verification }> {
    const { code, stdout } = await project.cli(["verify", "--stack", project.stack, "--json"]);
    return { code, said: JSON.parse(stdout) as Verification };
  }

  const driftOf = ({ drift }: Verification): string[] =>
    drift.map(({ region, container, what, declared, enforced }) =>
      [
        region,
        container.replace(project.prefix, ""),
        what.replaceAll(project.prefix, ""),
        declared,
        enforced,
      ].join("|"),
    );

  it("names a stack that is not up as missing, a line for each region", async () => {
    const { code, said } = await verify();
    expect(code).toBe(1);
    expect(driftOf(said)).toEqual([
      "central-nexus||all containers|running|missing",
      "alpha||all containers|running|missing",
    ]);
  });

  it("finds nothing after `up`, which says so itself, and reads the limits from the kernel", async () => {
    const outcome = await project.up();
    before = identities(await containersOf(project));
    const limitsFrom = { kernel: Object.keys(before).length, engine: 0 };
    expect(outcome.verify).toMatchObject({ result: "ok", drift: [], limitsFrom });
    const { code, said } = await verify();
    expect(code).toBe(0);
    // By itself it also counts what is on a disk that nothing limits.
    expect(said).toEqual({ ...outcome.verify, notes: said.notes });
  });

  const DATA = [
    ["central-nexus-db", "/var/lib/postgresql/data", "70:70"],
    ["redis-nexus", "/data", "999:1000"],
    ["region-alpha-db", "/var/lib/postgresql/data", "70:70"],
    ["region-alpha-cache", "/data", "999:1000"],
    ["region-alpha-storage", "/data", "101:101"],
  ] as const;

  it.each(DATA)(
    "keeps the data of %s to its user, though the image's own folder is open",
    async (name, path, user) => {
      const { id } = await containerOf(project, name);
      if (name.endsWith("storage")) await execIn(id, ["sh", "-c", `umask 077; mkdir -p ${path}/files/a`]);
      expect(await execIn(id, ["stat", "-c", "%u:%g %a", path])).toBe(`${user} 700\n`);
      expect(await execIn(id, ["find", path, "-perm", "/077"])).toBe("");
    },
  );

  it("lets no second container touch a database that is open", async () => {
    const { id, info } = await containerOf(project, "region-alpha-db");
    const clone = await docker.createContainer({
      name: `${stranger()}-db`,
      Image: info.Image,
      Entrypoint: info.Config.Entrypoint,
      User: info.Config.User,
      Env: info.Config.Env,
      HostConfig: {
        Binds: info.Mounts.map(({ Name, Destination }) => `${Name}:${Destination}`),
        NetworkMode: "none",
        ReadonlyRootfs: true,
        Tmpfs: info.HostConfig.Tmpfs ?? {},
      },
    });
    // As for a stack with other secrets, which would set its own passwords.
    const data = "/var/lib/postgresql/data";
    const passwords = await execIn(id, ["cat", `${data}/cluster/.passwords`]);
    await execIn(id, ["sh", "-c", `echo other > ${data}/cluster/.passwords`]);
    try {
      await clone.start();
      const { ExitCode } = await eventually("the second one has ended", async () => {
        const { State } = await clone.inspect();
        return State.Running ? undefined : State;
      });
      const printed = (await clone.logs({ stdout: true, stderr: true })).toString();
      expect(printed).toMatch(/in use by another container/);
      expect(ExitCode).toBe(1);
      expect(await execIn(id, ["cat", `${data}/cluster/.passwords`])).toBe("other\n");
    } finally {
      await clone.remove({ force: true, v: true });
      await execIn(id, ["sh", "-c", `cat > ${data}/cluster/.passwords <<'END'\n${passwords}END`]);
    }
    const query = ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-qtAXc", "SELECT 1"];
    expect(await execIn(id, query)).toBe("1\n");
  });

  it("names each thing that was changed by hand, and nothing else", async () => {
    const db = await containerOf(project, "region-alpha-db");
    const cache = await containerOf(project, "region-alpha-cache");
    const server = await containerOf(project, "region-alpha-server");
    const { limits } = limitsOf();
    const more = limits.db.memoryBytes + 64 * MIB;
    await docker.getContainer(db.id).update({ Memory: more, MemorySwap: more + 64 * MIB });
    await docker.getContainer(cache.id).update({ PidsLimit: 999 });
    await docker.getContainer(server.id).update({ CpuPeriod: CPU_PERIOD_MICROS, CpuQuota: 77_000 });
    await docker.getContainer((await containerOf(project, "region-alpha-worker")).id).stop({ t: 5 });
    await startStranger();
    await execIn(db.id, ["chmod", "1777", "/var/lib/postgresql/data"]);
    await execIn(cache.id, ["sh", "-c", "umask 022; echo > /data/appendonlydir/open"]);

    const { code, said } = await verify();
    expect(code).toBe(1);
    const mib = (bytes: number): string => `${bytes / MIB}MiB`;
    expect(driftOf(said).sort()).toEqual([
      `alpha|region-alpha-cache|pids|${limits.cache.pids}|999`,
      `alpha|region-alpha-db|memory|${mib(limits.db.memoryBytes)}|${mib(more)}`,
      "alpha|region-alpha-db|swap|none|64MiB",
      `alpha|region-alpha-server|CPU|${limits.server.cpuMillis / 1000}|0.77`,
      "alpha|region-alpha-worker|state|running|exited",
      expect.stringMatching(/^alpha\|stranger\|network region-alpha\|not on it\|[\d.]+$/),
      `alpha||data in ${project.dataRoot}/alpha/cache|999:1000 700|open to others: appendonlydir/open`,
      `alpha||data in ${project.dataRoot}/alpha/db|70:70 700|70:70 1777`,
    ]);
  });

  it("makes `up` end with exit code 1 while something is left that it cannot put right, and says what", async () => {
    const outcome = await project.cli(project.upCommand);
    expect(outcome.code).toBe(1);
    expect(outcome.output).toMatch(/Putting the limits of \S+region-alpha-db right: memory/);
    const { result, verify: said } = JSON.parse(outcome.stdout) as { result: string; verify: Verification };
    expect(result).toBe("succeeded");
    expect(driftOf(said).map((drift) => drift.split("|")[1])).toEqual(["stranger"]);
    expect(said.drift[0]?.remedy).toBe(
      `docker network disconnect ${project.prefix}region-alpha ${stranger()}`,
    );
  });

  it("finds nothing once that is gone, and only the stopped container was started again", async () => {
    await docker.getContainer(stranger()).remove({ force: true, v: true });
    const shown = succeeded(await project.cli(["verify", "--stack", project.stack]));
    expect(shown).toMatch(/^alpha +5 containers +ok *$/m);
    const after = identities(await containersOf(project));
    const touched = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect(touched).toEqual(["region-alpha-worker"]);
    const db = await containerOf(project, "region-alpha-db");
    expect(await execIn(db.id, ["stat", "-c", "%a", "/var/lib/postgresql/data"])).toBe("700\n");
  });

  it("`up` is refused to an image that cannot read the data, before anything is touched", async () => {
    const later = `nexus-local/${NAME_START}${run.id}v-postgres:16.0`;
    await buildThinImage(docker, localRefs(REPOSITORY).postgres, later, [
      `RUN printf '#!/bin/sh\\necho "postgres (PostgreSQL) 16.1"\\n' > /usr/local/bin/postgres && chmod 755 /usr/local/bin/postgres`,
      "ENV PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin",
    ]);
    const cache = await containerOf(project, "region-alpha-cache");
    // What Redis 7.2 writes, which is the official image, and that of Debian does not read.
    await execIn(cache.id, ["sh", "-c", "umask 077; printf REDIS0011 > /data/dump.rdb"]);
    project.writeSettings({
      "nexus:imageOverrides": { postgres: { ref: later }, redis: { ref: localRefs(REPOSITORY).redis } },
    });
    const running = identities(await containersOf(project));
    const { code, stderr } = await project.cli(project.upCommand);
    project.writeSettings();
    await execIn(cache.id, ["rm", "/data/dump.rdb"]);
    await docker.getImage(later).remove();
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/alpha\/db.* was written by PostgreSQL 15, and \S+ has PostgreSQL 16/);
    expect(stderr).toMatch(
      /alpha\/cache was written by a newer Redis \(file format 11\), and that of \S+ cannot read it/,
    );
    expect(identities(await containersOf(project))).toEqual(running);
  });

  it("cannot look without Docker: exit code 2", async () => {
    project.writeSettings({ "nexus:dockerHost": "unix:///nowhere/docker.sock" });
    const { code, output } = await project.cli(["verify", "--stack", project.stack]);
    project.writeSettings();
    expect(output).toMatch(/Docker is not running/);
    expect(code).toBe(2);
  });

  function limitsOf() {
    const [region] = project.platform.regions;
    if (!region) throw new Error("The stack has no region");
    return region.budget;
  }

  async function startStranger(): Promise<void> {
    const { info } = await containerOf(project, "region-alpha-cache");
    const container = await docker.createContainer({
      name: stranger(),
      Image: info.Image,
      Entrypoint: ["sleep", "600"],
      HostConfig: { NetworkMode: `${project.prefix}region-alpha`, Memory: 32 * MIB },
    });
    await container.start();
  }
});
