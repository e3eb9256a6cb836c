import { afterAll, beforeAll, expect, it } from "vitest";
import { regionBudget } from "../../regions/budget";
import { REGION_ROLES, type RegionResources } from "../../regions/model";
import { containerOf, containersOf, execIn, identities } from "../support/containers";
import { openSocket, type Socket } from "../support/http";
import { kernelFacts, kernelForm } from "../support/kernel";
import { startLoad } from "../support/load";
import { type Project, regionFile } from "../support/project";
import { psql, redisCli } from "../support/services";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { openSession, type Session } from "../support/transaction";

const NAME = "alpha";
const GB = 1e9;
const SMALL: RegionResources = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
const LARGE: RegionResources = { cpuMillis: 2500, memoryBytes: 4 * GB, diskBytes: 10 * GB };
const REQUESTS = 20_000;
const SOCKETS = 20;

engineSuite("a resize of a region", (run) => {
  let project: Project;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
  });
  afterAll(async () => {
    if (!project) return;
    write(SMALL);
    await project.up();
  });

  function write({ cpuMillis, memoryBytes, diskBytes }: RegionResources): void {
    const resources = { cpu: cpuMillis / 1000, memory: `${memoryBytes / GB}GB`, disk: `${diskBytes / GB}GB` };
    project.addRegion(regionFile(NAME, 1, { resources }));
  }

  async function expectKernelHas(resources: RegionResources): Promise<void> {
    const { limits } = regionBudget(resources, 50);
    for (const role of REGION_ROLES) {
      const { id, name } = await containerOf(project, `region-${NAME}-${role}`);
      expect(await kernelFacts(id), name).toMatchObject(kernelForm(limits[role]));
    }
  }

  const maxmemory = async (): Promise<string> => {
    const { id } = await containerOf(project, `region-${NAME}-cache`);
    const info = await redisCli(id, "operator", "INFO memory");
    return /^maxmemory:(\d+)/m.exec(info)?.[1] ?? "";
  };
  const postgres = async (sql: string): Promise<string> =>
    psql((await containerOf(project, `region-${NAME}-db`)).id, sql);

  it("up and down, under load, restarts nothing, drops nothing and fails no request", async () => {
    const before = identities(await containersOf(project));
    const sockets: Socket[] = [];
    const { id } = await containerOf(project, `region-${NAME}-db`);
    let session: Session | undefined;
    try {
      for (let made = 0; made < SOCKETS; made++) {
        sockets.push(await openSocket(`${project.url.replace("http:", "ws:")}/ws/regions/${NAME}/connect`));
      }
      session = await openSession(id, `region_${NAME}`);
      const transaction = await session.ask("BEGIN; SELECT txid_current()");
      expect(transaction).toMatch(/^\d+$/);
      const load = startLoad(project.url, `/api/v1/regions/${NAME}/status`);

      for (const resources of [LARGE, SMALL]) {
        write(resources);
        const changed = await project.preview();
        expect([...new Set(changed.map(({ op }) => op))]).toEqual(["update"]);
        const { changes } = await project.up();
        expect(Object.keys(changes)).toEqual(["update"]);
        await expectKernelHas(resources);
        expect(await project.preview()).toEqual([]);
      }
      await load.reach(REQUESTS);
      const seen = await load.stop();
      expect(seen.failures).toEqual([]);
      expect(seen.requests).toBeGreaterThanOrEqual(REQUESTS);
      expect(sockets.filter((socket) => socket.isOpen())).toHaveLength(SOCKETS);
      for (const socket of sockets) await socket.say(JSON.stringify({ type: "ping" }));
      expect(await session.ask("SELECT txid_current()")).toBe(transaction);
      expect(await session.ask("COMMIT; SELECT 'kept'")).toBe("kept");
    } finally {
      session?.close();
      for (const socket of sockets) socket.close();
    }
    expect(identities(await containersOf(project))).toEqual(before);
  });

  it("tells the running database and cache; shared buffers wait for the next restart", async () => {
    const small = regionBudget(SMALL, 50);
    const large = regionBudget(LARGE, 50);
    write(LARGE);
    await project.up();
    expect(await maxmemory()).toBe(String(large.redis.maxMemoryBytes));
    const setting = (name: string) => postgres(`SELECT setting FROM pg_settings WHERE name = '${name}'`);
    expect(await setting("effective_cache_size")).toBe(String(large.postgres.effectiveCacheSizeBytes / 8192));
    expect(await setting("shared_buffers")).toBe(String(small.postgres.sharedBuffersBytes / 8192));
    expect(await postgres("SELECT pending_restart FROM pg_settings WHERE name = 'shared_buffers'")).toBe("t");
  });

  it("is refused below what is in use, with the figure, before anything is changed", async () => {
    const worker = await containerOf(project, `region-${NAME}-worker`);
    const mib = (resources: RegionResources) =>
      regionBudget(resources, 50).limits.worker.memoryBytes / 2 ** 20;
    await execIn(worker.id, ["sh", "-c", "head -c 420M /dev/zero > /tmp/fill"]);
    try {
      write(SMALL);
      const outcome = await project.cli(project.upCommand);
      expect(outcome.code).toBe(2);
      expect(outcome.output).toMatch(
        new RegExp(
          `region-${NAME}-worker uses \\d+ MiB of its ${mib(LARGE)} MiB of memory, and its new limit of ${mib(SMALL)} MiB`,
        ),
      );
      await expectKernelHas(LARGE);
    } finally {
      await execIn(worker.id, ["rm", "-f", "/tmp/fill"]);
    }
    await project.up();
    await expectKernelHas(SMALL);
  });
});
