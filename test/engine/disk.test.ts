import { existsSync, readdirSync, statfsSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { diskStatus, ensureDisk, keeperDisks } from "../../components/disk/disks";
import { execIn as runIn } from "../../components/exec";
import { cloneContainer } from "../support/cloneContainer";
import {
  areReady,
  type Container,
  containerOf,
  containersOf,
  docker,
  execIn,
  identities,
} from "../support/containers";
import { ask } from "../support/http";
import { Project, regionFile } from "../support/project";
import { copyImage, isBusy, loopsBelow, SecondEngine } from "../support/secondEngine";
import { df, psql, redisCli } from "../support/services";
import { engineSuite } from "../support/suite";
import { unmountBelow } from "../support/sweep";
import { eventually } from "../support/wait";

const NAME = "delta";
const GB = 1e9;
const MB = 1e6;
const DATA = { db: "/var/lib/postgresql/data", cache: "/data", storage: "/data" } as const;
const ROLES = ["db", "cache", "storage"] as const;
const VISITS = `/api/v1/regions/${NAME}/sectors/3/visits`;
const ASSET = `/api/v1/regions/${NAME}/assets/large.bin`;

// One story: each test goes on from where the one before it ended.
engineSuite("a region's disk limit", (run) => {
  let project: Project;
  let disk: Container;
  beforeAll(async () => {
    project = await Project.make(run, "q", docker);
    write(10);
    await project.up();
    disk = await containerOf(project, `region-${NAME}-storage`);
  });
  afterAll(() => project?.remove(docker));

  const write = (gigabytes: number): void =>
    project.addRegion(regionFile(NAME, 11, { resources: { cpu: 1, memory: "2GB", disk: `${gigabytes}GB` } }));
  const own = async (role: string): Promise<Container> => containerOf(project, `region-${NAME}-${role}`);
  const status = async () => (await keeperDisks(docker, { namePrefix: project.prefix }))?.get(NAME);
  const sql = async (statement: string): Promise<string> => psql((await own("db")).id, statement);
  const redis = async (command: string): Promise<string> => redisCli((await own("cache")).id, "app", command);
  const put = (bytes: number) =>
    ask(project.url, ASSET, {
      method: "PUT",
      body: Buffer.alloc(bytes, "x"),
      headers: { "Content-Type": "application/octet-stream" },
    });

  it("is one file system of that size for all its volumes, made as a sparse file", async () => {
    for (const role of ROLES) {
      const { device, size } = await df((await own(role)).id, DATA[role]);
      expect(device, role).toMatch(/^\/dev\/loop\d+$/);
      expect(size, role).toBeLessThanOrEqual(10 * GB);
      expect(size, role).toBeGreaterThan(9.8 * GB);
    }
    const devices = await Promise.all(
      ROLES.map(async (role) => (await df((await own(role)).id, DATA[role])).device),
    );
    expect(new Set(devices).size).toBe(1);
    expect(await status()).toMatchObject({ sizeBytes: 10 * GB, mounted: true, means: "loop" });
    const file = statSync(`${project.dataRoot}/.disks/${NAME}.img`);
    expect(file.size).toBe(10 * GB);
    expect(file.blocks * 512).toBeLessThan(500 * MB);
    expect(await project.preview()).toEqual([]);
  });

  it("ends a write with `no space left`, in that region only; its services live on", async () => {
    await ask(project.url, VISITS, { method: "POST" });
    expect(await redis("SET before full")).toBe("OK");
    await sql("CREATE TABLE filler (text text)");
    const free = (await df(disk.id, "/data")).free;
    const hostFree = statfsSync(project.dataRoot).bavail;
    // Reserves blocks without writing them: the host's own disk does not fill.
    await execIn(disk.id, ["fallocate", "-l", String(free - 8 * MB), "/data/files/filler"]);
    await expect(execIn(disk.id, ["sh", "-c", "cat /dev/zero > /data/files/rest"])).rejects.toThrow(
      /No space left on device/,
    );

    const refused =
      "INSERT INTO filler SELECT repeat(md5(i::text), 200) FROM (SELECT generate_series(1, 20000) AS i) AS lines";
    await expect(sql(refused)).rejects.toThrow(/No space left on device/);
    expect((await put(4 * MB)).status).toBeGreaterThanOrEqual(500);
    // Reads go on.
    expect((await ask(project.url, VISITS)).json()).toMatchObject({ visits: 1 });
    expect(await redis("GET before")).toBe("full");
    // The Nexus' data is on a disk of its own, and the host's has what it had.
    const nexus = await containerOf(project, "central-nexus-db");
    await psql(nexus.id, "CREATE TABLE ok ()");
    expect(
      (hostFree - statfsSync(project.dataRoot).bavail) * statfsSync(project.dataRoot).bsize,
    ).toBeLessThan(500 * MB);
  });

  it("stays as it is when growing fails, and the next `up` tries again", async () => {
    write(11);
    const keeper = await containerOf(project, "disk-keeper");
    const file = `${project.dataRoot}/.disks/${NAME}.img`;
    // The keeper is root without the right to pass over a file's mode.
    await execIn(keeper.id, ["chmod", "0400", file]);
    const { code, output } = await project.cli(project.upCommand);
    expect(code).toBe(1);
    expect(output).toMatch(/Permission denied/);
    await execIn(keeper.id, ["chmod", "0600", file]);
    expect((await status())?.sizeBytes).toBe(10 * GB);

    // The file is longer already when the file system fails to grow, and must not stay so.
    const failing = 'xfs_growfs() { return 1; }; . "$(command -v disk)"';
    const grow = ["sh", "-c", failing, "disk", "locked", "grow_disk", NAME, String(11 * GB)];
    await expect(execIn(keeper.id, grow)).rejects.toThrow(/did not grow/);
    expect((await status())?.sizeBytes).toBe(10 * GB);
  });

  it("grows in place: nothing restarts, no volume is replaced, and the services recover", async () => {
    const before = identities(await containersOf(project));
    const volumes = await Promise.all(ROLES.map(volumeOf));
    const updates = (await project.preview()).map(({ op, type }) => `${op} ${type}`);
    // Its own disk failed before, so nothing of it was updated.
    expect(updates).toEqual(["update nexus:region:RegionStack"]);
    const { changes } = await project.up();
    expect(Object.keys(changes)).toEqual(["update"]);
    expect(identities(await containersOf(project))).toEqual(before);
    expect(await Promise.all(ROLES.map(volumeOf))).toEqual(volumes);

    for (const role of ROLES)
      expect((await df((await own(role)).id, DATA[role])).size).toBeGreaterThan(10.8 * GB);
    await sql("INSERT INTO filler VALUES ('after')");
    expect((await put(4 * MB)).status).toBe(201);
    const again = await ask(project.url, VISITS, { method: "POST" });
    expect(again.json()).toMatchObject({ visits: 2 });
    await eventually("Redis writes again", async () => (await redis("SET after full")) === "OK" || undefined);
    expect(await project.preview()).toEqual([]);
  });

  function volumeOf(role: string): Promise<unknown> {
    return docker.getVolume(`${project.prefix}region-${NAME}-${role}-data`).inspect();
  }

  it("grows while everything runs", async () => {
    await ensureDisk(docker, { namePrefix: project.prefix }, NAME, 12 * GB);
    expect((await df(disk.id, "/data")).size).toBeGreaterThan(11.8 * GB);
    write(12);
  });

  it("does not shrink: `up` says so beforehand, and changes nothing", async () => {
    write(10);
    const before = identities(await containersOf(project));
    const { code, output } = await project.cli(project.upCommand);
    expect(code).toBe(2);
    expect(output).toMatch(/region delta has a disk of 12GB, and its file now says 10GB/);
    await expect(ensureDisk(docker, { namePrefix: project.prefix }, NAME, 10 * GB)).rejects.toThrow(
      /cannot shrink/,
    );
    expect((await status())?.sizeBytes).toBe(12 * GB);
    expect(identities(await containersOf(project))).toEqual(before);
    write(12);
  });

  it("gives freed space back to the host", async () => {
    const file = `${project.dataRoot}/.disks/${NAME}.img`;
    await execIn(disk.id, [
      "sh",
      "-c",
      "rm /data/files/*; head -c 100000000 /dev/urandom > /data/files/x; sync",
    ]);
    const full = statSync(file).blocks * 512;
    await execIn(disk.id, ["sh", "-c", "rm /data/files/x; sync"]);
    await eventually("the file is smaller", () => statSync(file).blocks * 512 < full - 50 * MB || undefined);
  });

  it("is counted from the files where no keeper runs", async () => {
    const host = { namePrefix: project.prefix, dataRoot: project.dataRoot, image: "" };
    const shown = (await diskStatus(docker, host, [NAME])).get(NAME);
    const keeper = docker.getContainer(`${project.prefix}disk-keeper`);
    await keeper.stop();
    const counted = await diskStatus(docker, { ...host, image: (await own("db")).info.Config.Image }, [
      NAME,
      "nobody",
    ]);
    await keeper.start();
    expect([...counted.keys()]).toEqual([NAME]);
    expect(counted.get(NAME)).toEqual({ ...shown, usedBytes: expect.any(Number) });
    expect(counted.get(NAME)?.usedBytes).toBeGreaterThan(10 * MB);
  });

  const missing = SecondEngine.missing;
  it.skipIf(missing)(
    `survives a power failure${missing ? ` [skipped, missing: ${missing}]` : ""}`,
    async () => {
      const { testRun, dataRoot } = project;
      const second = new SecondEngine(
        docker,
        `${testRun.root}/${project.letter}/engine`,
        project.env,
        `${project.prefix}engine`,
      );
      const keeper = await containerOf(project, "disk-keeper");
      const services = await Promise.all(ROLES.map(own));
      const all = [...services, keeper];
      await second.start();
      for (const { info } of all) await copyImage(docker, second.docker, info.Config.Image);
      const clones = await Promise.all(all.map((one) => cloneContainer(docker, second.docker, one)));
      const [db, , , keeperClone] = clones;
      if (!db || !keeperClone) throw new Error("there are four");

      // From here on, the second Engine has the region; the first only held it for the copy.
      await Promise.all(
        [...(await containersOf(project)).values()].map(({ id }) => docker.getContainer(id).stop({ t: 5 })),
      );
      await powerOff();
      // The worst order: the services start, and the keeper only later.
      await second.start();
      for (const clone of clones.slice(0, 3)) await clone.start();
      await eventually("every service ends and is started again", async () => {
        const infos = await Promise.all(clones.slice(0, 3).map((clone) => clone.inspect()));
        return infos.every(({ RestartCount }) => RestartCount > 1) || undefined;
      });
      const bare = readdirSync(`${dataRoot}/${NAME}`, { recursive: true });
      expect(bare.sort()).toEqual(["cache", "db", "redis", "storage"]);
      await keeperClone.start();
      await expectServices();

      // The usual one: all side by side.
      await powerOff();
      await second.start();
      await expectServices();

      async function powerOff(): Promise<void> {
        const loops = loopsBelow(dataRoot);
        // The region's, and that of the Nexus, whose keeper is the same.
        expect(loops).toHaveLength(2);
        await second.powerOff();
        await unmountBelow(docker, dataRoot);
        await eventually("no disk is in use", () => !loops.some(isBusy) || undefined);
        expect(existsSync(`${dataRoot}/${NAME}/.tenant`)).toBe(false);
      }

      async function expectServices(): Promise<void> {
        await eventually("the services are ready", async () => {
          const ids = clones.map(({ id }) => id);
          return (await areReady(ids, second.docker)) || undefined;
        });
        expect(existsSync(`${dataRoot}/${NAME}/.tenant`)).toBe(true);
        const query = "psql -h /var/run/postgresql -U postgres -qtAXc 'SELECT text FROM filler'";
        const text = await runIn(second.docker, db?.id ?? "", ["sh", "-c", query]);
        expect(text.trim()).toBe("after");
      }
    },
  );
});
