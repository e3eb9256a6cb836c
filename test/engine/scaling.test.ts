import { afterAll, beforeAll, expect, it } from "vitest";
import { regionBudget } from "../../regions/budget";
import { REGION_ROLES, type RegionResources } from "../../regions/model";
import { containerOf, containersOf, execIn, identities } from "../support/containers";
import { openSocket, type Socket } from "../support/http";
import { kernelFacts, kernelForm } from "../support/kernel";
import { type RunningLoad, startLoad } from "../support/load";
import { type Project, regionFile } from "../support/project";
import { psql, redisCli } from "../support/services";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { openSession, type Session } from "../support/transaction";
import { type WatchedUpdates, watchUpdates } from "../support/updates";

const NAME = "alpha";
const GB = 1e9;
const SMALL: RegionResources = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
const LARGE: RegionResources = { cpuMillis: 2500, memoryBytes: 4 * GB, diskBytes: 10 * GB };
const REQUESTS = 20_000;
/** What must be answered during one `up`, and of it between the first changed limit and the last. */
const REQUESTS_DURING_UP = 500;
const REQUESTS_DURING_CHANGE = 5;
/** A minute on an idle machine. The load's limit is below the test's, so that it can say how far it got. */
const TEST_LIMIT_MS = 600_000;
const LOAD_LIMIT_MS = TEST_LIMIT_MS - 30_000;
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

  it("up and down, under load, restarts nothing, drops nothing and fails no request", {
    timeout: TEST_LIMIT_MS,
  }, async () => {
    const before = identities(await containersOf(project));
    const sockets: Socket[] = [];
    const { id } = await containerOf(project, `region-${NAME}-db`);
    const own = Object.entries(before).flatMap(([name, identity]) =>
      name.startsWith(`region-${NAME}-`) ? (identity.split(" ")[0] ?? "") : [],
    );
    const changes: [first: number, last: number][] = [];
    let session: Session | undefined;
    let load: RunningLoad | undefined;
    let updates: WatchedUpdates | undefined;
    try {
      for (let made = 0; made < SOCKETS; made++) {
        sockets.push(await openSocket(`${project.url.replace("http:", "ws:")}/ws/regions/${NAME}/connect`));
      }
      session = await openSession(id, `region_${NAME}`);
      const transaction = await session.ask("BEGIN; SELECT txid_current()");
      expect(transaction).toMatch(/^\d+$/);
      updates = await watchUpdates();
      load = startLoad(project.url, `/api/v1/regions/${NAME}/status`, { limitMs: LOAD_LIMIT_MS });

      for (const resources of [LARGE, SMALL]) {
        write(resources);
        const planned = await project.preview();
        expect([...new Set(planned.map(({ op }) => op))]).toEqual(["update"]);
        const [answered, updated] = [load.soFar(), updates.of(own).length];
        const { changes: done } = await project.up();
        expect(load.soFar() - answered).toBeGreaterThanOrEqual(REQUESTS_DURING_UP);
        expect(Object.keys(done)).toEqual(["update"]);
        await expectKernelHas(resources);
        const changed = updates.of(own).slice(updated);
        expect(changed.length).toBeGreaterThanOrEqual(own.length);
        changes.push([changed[0] ?? 0, changed.at(-1) ?? 0]);
        expect(await project.preview()).toEqual([]);
      }
      await load.reach(REQUESTS);
      const seen = await load.stop();
      expect(seen.failures).toEqual([]);
      expect(seen.requests).toBeGreaterThanOrEqual(REQUESTS);
      for (const [first, last] of changes) {
        const during = seen.answered.filter((at) => at >= first && at <= last);
        expect(during.length).toBeGreaterThanOrEqual(REQUESTS_DURING_CHANGE);
      }
      expect(sockets.filter((socket) => socket.isOpen())).toHaveLength(SOCKETS);
      for (const socket of sockets) await socket.say(JSON.stringify({ type: "ping" }));
      expect(await session.ask("SELECT txid_current()")).toBe(transaction);
      expect(await session.ask("COMMIT; SELECT 'kept'")).toBe("kept");
    } finally {
      await load?.stop().catch(() => undefined);
      updates?.stop();
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
