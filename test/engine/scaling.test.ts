import { afterAll, beforeAll, expect, it } from "vitest";
import { regionBudget } from "../../catalog/regionBudget";
import type { RegionResources } from "../../regions/model";
import { containerOf, containersOf, execIn, identities } from "../support/containers";
import { expectKernelHas } from "../support/expectLimits";
import { openSocket, type Socket } from "../support/http";
import { startLoad } from "../support/load";
import { PLAYERS, type Project, regionFile } from "../support/project";
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
/** The load has to last for two previews and two updates, on a busy machine too. */
const LOAD_LIMIT_MS = 600_000;
/** Less than what one second of load gives: enough to say that there was load during an update. */
const ANSWERS_DURING_UP = 100;

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
      const load = startLoad(project.url, `/api/v1/regions/${NAME}/status`, { limitMs: LOAD_LIMIT_MS });

      for (const resources of [LARGE, SMALL]) {
        write(resources);
        const changed = await project.preview();
        expect([...new Set(changed.map(({ op }) => op))]).toEqual(["update"]);
        const before = load.answered();
        const { changes } = await project.up();
        expect(Object.keys(changes)).toEqual(["update"]);
        const during = load.answered();
        expect(during - before).toBeGreaterThan(ANSWERS_DURING_UP);
        await expectKernelHas(project, NAME, resources);
        await load.reach(during + 1);
        expect(load.answered(), "the load goes on after the change").toBeGreaterThan(during);
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
    const small = regionBudget(SMALL, PLAYERS);
    const large = regionBudget(LARGE, PLAYERS);
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
      (regionBudget(resources, PLAYERS).limits.worker?.memoryBytes ?? 0) / 2 ** 20;
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
      await expectKernelHas(project, NAME, LARGE);
    } finally {
      await execIn(worker.id, ["rm", "-f", "/tmp/fill"]);
    }
    await project.up();
    await expectKernelHas(project, NAME, SMALL);
  });
});
