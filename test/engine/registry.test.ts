import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ImageLock, LOCK_FILE } from "../../images/lockFile";
import {
  areReady,
  containersOf,
  docker,
  expectedObjects,
  identities,
  objectsOf,
} from "../support/containers";
import { OFFICIAL_REFS, OWN_NAMES, pushNext } from "../support/officialImages";
import { Production } from "../support/production";
import { regionFile, succeeded } from "../support/project";
import { LOGIN } from "../support/registry";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const NAME = "delta";
const VISITS = `/api/v1/regions/${NAME}/sectors/3/visits`;
const NO_DIGEST = `sha256:${"0".repeat(64)}`;
/** Whom the data of a region belongs to: the users of the official images. */
const USERS = { db: "70:70", cache: "999:1000", storage: "101:101" };
/** Who runs the game server's image. */
const GAME_SERVERS = ["central-nexus-server", `region-${NAME}-server`, `region-${NAME}-worker`];

// One story, on an Engine of its own that pulls: each test goes on from where the one before it ended.
engineSuite("production with images of registries", (run) => {
  const missing = Production.missing(run);
  if (missing) return void it.skip(`all [skipped, missing: ${missing}]`);
  let stack: Production;
  beforeAll(async () => {
    stack = await Production.make(run, "w");
    write({ cpu: 1, memory: "2GB", disk: "10GB" });
  });
  afterAll(() => stack?.remove());

  const write = (resources: Record<string, unknown>): void =>
    stack.project.addRegion(regionFile(NAME, 7, { resources }));
  const containers = () => containersOf(stack.project, stack.docker);
  const lock = (): ImageLock["digests"] =>
    (JSON.parse(readFileSync(join(stack.project.dir, LOCK_FILE), "utf8")) as ImageLock).digests;

  it("has the digests that `images:pin` asked the registries for, with the login and through the stack's Engine", async () => {
    const { project, own } = stack;
    const names = [
      ...Object.values(OFFICIAL_REFS),
      ...Object.values(OWN_NAMES).map((name) => `${own.address}/${name}`),
    ];
    const unpinned = await project.cli(["preview", "--stack", project.stack]);
    expect(unpinned.code, unpinned.output).toBe(1);
    expect(unpinned.output).toContain("pinned-images");

    succeeded(await project.cli(["images:pin", "--cwd", project.dir, "--stack", project.stack]));
    expect(Object.keys(lock()).sort()).toEqual(names.sort());
    expect(await stack.docker.listImages()).toEqual([]);
  });

  it("comes up from an empty host at the first try, on the very images", async () => {
    const { project } = stack;
    const up = await project.cli(["up", "--stack", project.stack, "--yes", "--json"]);
    expect(JSON.parse(succeeded(up))).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    const digests = Object.entries(lock()).map(([ref, digest]) => `${ref}@${digest}`);
    const used = new Set([...(await containers()).values()].map(({ info }) => info.Config.Image));
    expect([...used].sort()).toEqual(digests.sort());
    expect(up.output).not.toContain(LOGIN.password);
    // Its size was looked at, although it had no image to look with.
    expect(up.output).not.toContain("was not measured");
    expect(await stack.ask(VISITS, "POST")).toMatchObject({ visits: 1 });
  });

  it("runs the programs themselves, not the official images' entrypoints, as the users that they have", async () => {
    for (const [role, user] of Object.entries(USERS)) {
      const { info } = (await containers()).get(`region-${NAME}-${role}`) ?? {};
      expect(info?.Config.User, role).toBe(user);
      expect(info?.Config.Entrypoint, role).not.toContainEqual(expect.stringContaining("docker-entrypoint"));
      const image = await stack.docker.getImage(info?.Config.Image ?? "").inspect();
      expect(image.Config.User, role).toBe("root");
      expect(JSON.stringify(image.Config.Entrypoint), role).toContain("docker-entrypoint");
    }
  });

  it("keeps data folders closed, whatever owner and mode the images' volumes have", () => {
    for (const [role, user] of Object.entries(USERS)) {
      const { mode, uid, gid } = statSync(join(stack.project.dataRoot, NAME, role));
      expect(`${uid}:${gid}`, role).toBe(user);
      if (role !== "storage") expect(mode & 0o7777, role).toBe(0o700);
    }
  });

  it("has nothing to change in a second `up`, with and without a look at the host", async () => {
    const { project } = stack;
    expect(await project.preview()).toEqual([]);
    succeeded(
      await project.cli(["preview", "--stack", project.stack, "--expect-no-changes", "--", "--refresh"]),
    );
  });

  it("resizes a region without a restart", async () => {
    const before = identities(await containers());
    write({ cpu: 2, memory: "3GB", disk: "11GB" });
    expect(await stack.project.up()).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    expect(identities(await containers())).toEqual(before);
  });

  it("replaces only what runs a new image, and nothing for one that does not exist", async () => {
    const { project, own, ownHere } = stack;
    const before = identities(await containers());
    const ref = (digest: string): void => {
      const overrides = project.settings["nexus:imageOverrides"] as Record<string, { ref: string }>;
      const next = { ...overrides.gameServer, ref: `${own.address}/nexus/game-server:2@${digest}` };
      project.writeSettings({ "nexus:imageOverrides": { ...overrides, gameServer: next } });
    };
    ref(NO_DIGEST);
    const refused = await project.cli(project.upCommand);
    expect(refused.code, refused.output).toBe(2);
    expect(refused.stderr).toContain(`${own.address} has no such image`);
    expect(identities(await containers())).toEqual(before);

    ref(await pushNext(docker, ownHere, "gameServer", "nexus/game-server:2", ["ENV NEXT=2"]));
    const up = await project.up();
    expect(up).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    const touched = Object.entries(identities(await containers())).filter(
      ([name, id]) => before[name] !== id,
    );
    expect(touched.map(([name]) => name).sort()).toEqual(GAME_SERVERS);
    expect(await stack.ask(VISITS)).toMatchObject({ visits: 1 });
  });

  it("goes on after a restart of its database and its cache", async () => {
    for (const role of ["db", "cache"]) {
      const container = stack.docker.getContainer(`${stack.project.prefix}region-${NAME}-${role}`);
      await container.restart();
      await eventually(`${role} is ready`, async () => {
        expect((await container.inspect()).RestartCount).toBe(0);
        return (await areReady([container.id], stack.docker)) || undefined;
      });
    }
    await eventually("the region answers", () => stack.ask(VISITS, "POST"));
  });

  it("removes a region and gives it its data back", async () => {
    const { project } = stack;
    const visits = await stack.ask(VISITS);
    project.removeRegion(NAME);
    await project.up();
    expect((await objectsOf(project, stack.docker)).containers).toEqual(expectedObjects([]).containers);
    write({ cpu: 2, memory: "3GB", disk: "11GB" });
    await project.up();
    await eventually("the region answers", async () => (await stack.ask(VISITS)) ?? undefined);
    expect(await stack.ask(VISITS)).toEqual(visits);
  });

  it("is taken down with its data kept, and then leaves nothing", async () => {
    const { project } = stack;
    await project.destroy();
    expect(await objectsOf(project, stack.docker)).toMatchObject({ containers: [], networks: [] });
    expect(readdirSync(project.dataRoot)).toContain(NAME);
    await project.destroy("--data");
    expect(await objectsOf(project, stack.docker)).toEqual({ containers: [], networks: [], volumes: [] });
    expect(existsSync(project.dataRoot)).toBe(false);
    expect(await stack.docker.listContainers({ all: true })).toEqual([]);
  });
});
