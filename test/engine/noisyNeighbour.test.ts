import { afterEach, beforeAll, expect, it } from "vitest";
import { areReady, containerOf, containersOf, docker, execIn, identities } from "../support/containers";
import { ask } from "../support/http";
import { kernelFacts, type Strain, strainOf } from "../support/kernel";
import { startLoad } from "../support/load";
import { cpuUse, emptyDisk, fillMost, NOISES, type Noise, processes, startNoise } from "../support/noise";
import type { Project } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const NOISY = "alpha";
const NEIGHBOUR = "beta";
/** What the neighbour is asked while the noise goes on. */
const REQUESTS = 200;
/** How often the noise must have met its limit meanwhile. */
const TIMES = 3;

/*
 * What holds on any machine: the neighbour serves, and the kernel holds the noisy region, and nobody else, to its
 * limits. How much slower the neighbour answers depends on the machine: `npm run bench -- noise`.
 */
engineSuite("a region that burns all it has", (run) => {
  let project: Project;
  let neighbours: Record<string, string>;
  let strains: Record<string, Strain>;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    neighbours = identities(await others());
    strains = await strainsOf();
  });
  afterEach(async () => {
    expect(identities(await others()), "nobody else is restarted").toEqual(neighbours);
    expect(await strainsOf(), "kills and refused processes of others").toEqual(strains);
    // A program that is still starting ends when it may start no thread, and the noise with it.
    await eventually("the noisy region is ready again", async () => {
      const own = [...(await containersOf(project)).values()].filter(({ region }) => region === NOISY);
      return (await areReady(own.map(({ id }) => id))) || undefined;
    });
  });

  /** Everything but the noisy region. */
  async function others(): ReturnType<typeof containersOf> {
    return new Map([...(await containersOf(project))].filter(([, { region }]) => region !== NOISY));
  }

  async function strainsOf(): Promise<Record<string, Strain>> {
    const all = [...(await others())].map(async ([name, { id }]) => [name, await strainOf(id)] as const);
    return Object.fromEntries(await Promise.all(all));
  }

  /**
   * Makes noise, and asks the neighbour while it goes on.
   * @param counter grows only while there is noise
   */
  async function expectNeighbourServes(
    ids: string[],
    script: string,
    counter: () => Promise<number>,
  ): Promise<void> {
    const running: Noise[] = [];
    try {
      const before = await counter();
      for (const id of ids) running.push(await startNoise(id, script));
      const load = startLoad(project.url, `/api/v1/regions/${NEIGHBOUR}/status`, {
        connections: 4,
        pauseMs: 20,
      });
      try {
        await load.reach(REQUESTS);
        // A container that has little CPU takes its time to fill its memory.
        await eventually(
          "the noise meets its limit",
          async () => (await counter()) >= before + TIMES || undefined,
        );
      } finally {
        const seen = await load.stop();
        expect(seen.failures).toEqual([]);
        expect(seen.requests).toBeGreaterThanOrEqual(REQUESTS);
      }
      for (const noise of running) expect(await noise.goesOn()).toBe(true);
    } finally {
      for (const id of ids) await docker.getContainer(id).restart({ t: 0 });
    }
  }

  const idOf = async (role: string) => (await containerOf(project, `region-${NOISY}-${role}`)).id;

  it("CPU: gets its share and no more", async () => {
    const ids = await Promise.all(NOISES.cpu.roles.map(idOf));
    const all = () => Promise.all(ids.map(cpuUse));
    const before = await all();
    let after = before;
    await expectNeighbourServes(ids, NOISES.cpu.script, async () => {
      after = await all();
      // The one that was held back least: all of them must have been.
      return Math.min(...after.map(({ throttled }) => throttled));
    });
    for (const [index, id] of ids.entries()) {
      const facts = await kernelFacts(id);
      const [quotaMicros = 0] = (facts.cpu ?? "").split(" ").map(Number);
      const used = (after[index]?.used ?? 0) - (before[index]?.used ?? 0);
      const periods = (after[index]?.periods ?? 0) - (before[index]?.periods ?? 0);
      expect(periods).toBeGreaterThan(0);
      // By the kernel's own count of periods, so that a clock has no part in it. The two are not read at one moment.
      expect(used).toBeLessThanOrEqual((periods + 2) * quotaMicros * 1000);
    }
  });

  it("memory: the kernel kills inside the region, again and again", async () => {
    const id = await idOf("worker");
    await expectNeighbourServes([id], NOISES.memory.script, async () => (await strainOf(id)).kills);
  });

  it("process ids: a fork bomb meets the limit of its container", async () => {
    const id = await idOf("worker");
    const limit = Number((await kernelFacts(id)).pids);
    let most = 0;
    await expectNeighbourServes([id], NOISES.processes.script, async () => {
      most = Math.max(most, await processes(id));
      return (await strainOf(id)).refusedForks;
    });
    // Docker moves its health checks into the full group, which the kernel allows; forks it does not.
    expect(most).toBeLessThanOrEqual(limit + 16);
  });

  it("disk: written full again and again, and the neighbour still writes", async () => {
    const id = await idOf("storage");
    await fillMost(id);
    const filled = async () => Number(await execIn(id, ["sh", "-c", "touch /tmp/full; wc -l < /tmp/full"]));
    try {
      await expectNeighbourServes([id], NOISES.disk.script, filled);
      const visit = await ask(project.url, `/api/v1/regions/${NEIGHBOUR}/sectors/9/visits`, {
        method: "POST",
      });
      expect(visit.status).toBe(201);
    } finally {
      await emptyDisk(id);
    }
  });
});
