import { afterAll, beforeAll, expect, it } from "vitest";
import { containersOf, docker, expectedObjects, identities, objectsOf } from "../support/containers";
import { ask } from "../support/http";
import { type Project, regionFile } from "../support/project";
import { REGIONS, sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const NAME = "gamma";
/** Bytes that are not text, so that nothing on the way may treat them as such. */
const ASSET = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));

// One story: each test goes on from where the one before it ended.
engineSuite("a region's life", (run) => {
  let project: Project;
  let others: Record<string, string>;
  let networks: Record<string, string>;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    others = identities(await containersOf(project));
    networks = await networkIds();
  });

  // Other files use this stack with the regions that it began with.
  afterAll(async () => {
    if (!project) return;
    if (!(await objectsOf(project)).networks.includes(`region-${NAME}`)) return;
    project.removeRegion(NAME);
    await project.up();
    // Other files look at the same stack, in any order: volumes that were kept would be too many there.
    for (const role of ["cache", "db", "storage"]) {
      await docker.getVolume(`${project.prefix}region-${NAME}-${role}-data`).remove();
    }
  });

  async function networkIds(): Promise<Record<string, string>> {
    const own = (await docker.listNetworks()).filter(({ Name }) => Name.startsWith(project.prefix));
    return Object.fromEntries(own.map(({ Name, Id }) => [Name.slice(project.prefix.length), Id]));
  }

  async function expectOthersUntouched(): Promise<void> {
    const now = identities(await containersOf(project));
    expect(Object.fromEntries(Object.entries(now).filter(([name]) => name in others))).toEqual(others);
    const networksNow = await networkIds();
    expect(Object.fromEntries(Object.entries(networksNow).filter(([name]) => name in networks))).toEqual(
      networks,
    );
  }

  async function stateAtNexus(): Promise<string | undefined> {
    const { regions } = (await ask(project.url, "/api/v1/nexus/regions")).json() as {
      regions: { name: string; state: string }[];
    };
    return regions.find(({ name }) => name === NAME)?.state;
  }

  const path = (rest: string): string => `/api/v1/regions/${NAME}${rest}`;

  it("begins with one file, which previews as creates only", async () => {
    project.addRegion(regionFile(NAME, 3));
    const operations = await project.preview();
    expect([...new Set(operations.map(({ op }) => op))]).toEqual(["create"]);
    const count = (type: string) =>
      operations.filter((operation) => operation.type.endsWith(`:${type}`)).length;
    expect({
      containers: count("Container"),
      networks: count("Network"),
      volumes: count("Volume"),
      regions: count("RegionStack"),
    }).toEqual({ containers: 5, networks: 1, volumes: 3, regions: 1 });
    expect(operations).toHaveLength(12);
    for (const { name } of operations) expect(name).toContain(NAME);
  });

  it("comes up by creates only, answers through the gateway, and touches nothing else", async () => {
    const outcome = await project.up();
    expect(Object.keys(outcome.changes)).toEqual(["create"]);
    expect(await objectsOf(project)).toEqual(expectedObjects([...REGIONS, NAME]));
    const status = await ask(project.url, path("/status"));
    expect(status.status).toBe(200);
    expect(status.json()).toMatchObject({ region: NAME, owner: `owner-of-${NAME}` });
    await expectOthersUntouched();
    await eventually("the Nexus shows it as up", async () =>
      (await stateAtNexus()) === "up" ? true : undefined,
    );
  });

  it("keeps what is written: rows by server and worker, a file in its storage", async () => {
    for (const visits of [1, 2, 3]) {
      const answer = await ask(project.url, path("/sectors/7/visits"), { method: "POST" });
      expect(answer.json()).toEqual({ region: NAME, sector: 7, visits });
    }
    const headers = { "Content-Type": "application/octet-stream" };
    const put = await ask(project.url, path("/assets/map.bin"), { method: "PUT", body: ASSET, headers });
    expect(put.status).toBe(201);
    await expectJobDone();
    await expectData();
  });

  it("without its file, loses its containers and network and nothing else does; its data stays", async () => {
    project.removeRegion(NAME);
    const operations = await project.preview();
    expect([...new Set(operations.map(({ op }) => op))]).toEqual(["delete"]);
    for (const { name } of operations) expect(name).toContain(NAME);

    const outcome = await project.up();
    expect(Object.keys(outcome.changes)).toEqual(["delete"]);
    const expected = expectedObjects([...REGIONS]);
    const kept = ["cache", "db", "storage"].map((role) => `region-${NAME}-${role}-data`);
    expect(await objectsOf(project)).toEqual({ ...expected, volumes: [...expected.volumes, ...kept].sort() });
    await expectOthersUntouched();

    const gone = await ask(project.url, path("/status"));
    expect(gone.status).toBe(503);
    await eventually("the Nexus shows it as down", async () =>
      (await stateAtNexus()) === "down" ? true : undefined,
    );
  });

  it("does not hand its data to another player who takes the name", async () => {
    project.addRegion({ ...regionFile(NAME, 3), owner: "somebody-else" });
    const { code, output } = await project.cli(["up", "--stack", project.stack, "--yes"]);
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`/${NAME} holds data of owner-of-${NAME}, not of somebody-else`));
    await expectOthersUntouched();
  });

  it("comes back with its file, and finds its data", async () => {
    project.addRegion(regionFile(NAME, 3));
    const outcome = await project.up();
    // The component was recorded with the other owner before its data was refused.
    expect(Object.keys(outcome.changes).sort()).toEqual(["create", "update"]);
    await expectData();
    await expectJobDone();
    await expectOthersUntouched();
  });

  it("has nothing to do after that", async () => {
    expect((await project.up()).changes).toEqual({});
  });

  async function expectData(): Promise<void> {
    const visits = await ask(project.url, path("/sectors/7/visits"));
    expect(visits.json()).toEqual({ region: NAME, sector: 7, visits: 3 });
    const asset = await ask(project.url, path("/assets/map.bin"));
    expect(asset.status).toBe(200);
    expect(asset.bytes.equals(ASSET)).toBe(true);
  }

  async function expectJobDone(): Promise<void> {
    const job = await ask(project.url, path("/jobs"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ numbers: [1, 2, 39] }),
    });
    expect(job.status).toBe(202);
    const { id } = job.json();
    const done = await eventually("the worker does the job", async () => {
      const answer = (await ask(project.url, path(`/jobs/${id}`))).json();
      return answer.state === "done" ? answer : undefined;
    });
    expect(done.result).toBeTruthy();
  }
});
