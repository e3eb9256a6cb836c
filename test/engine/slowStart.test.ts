import { afterAll, beforeAll, expect, it } from "vitest";
import { GB } from "../../config/units";
import type { UpOutcome } from "../../operations/deploy/up";
import { containerOf, docker } from "../support/containers";
import { expectKernelHas } from "../support/expectLimits";
import { limitsReader } from "../support/kernel";
import { Project, regionFile } from "../support/project";
import { sumOf, watchQuotas } from "../support/quotas";
import { slowServer } from "../support/slowServer";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const REGIONS = ["alpha", "beta", "gamma"];
const SMALLEST = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
/** Limits in the smallest region. */
const SERVER_MILLIS = 500;
const WORKER_MILLIS = 150;
const DATABASE_MILLIS = 220;

// The real game takes 20 and 15 CPU-seconds, and its test 0.3, as `npm run bench -- slow-start` does. Less shows the same here.
engineSuite("a stack of slow servers", (run) => {
  let project: Project;
  let slow: Awaited<ReturnType<typeof slowServer>>;

  beforeAll(async () => {
    project = await Project.make(run, "sl", docker);
    slow = await slowServer(run, { server: 4, worker: 3, health: 0.05 });
    Object.assign(project.settings, slow.settings);
    project.writeSettings();
    for (const [index, name] of REGIONS.entries()) project.addRegion(regionFile(name, index + 1));
  });
  afterAll(async () => {
    await project?.remove(docker);
    await slow?.remove();
  });

  it("comes up at the first try, on what each region can lend its server and worker, and never on more", async () => {
    const end = watchQuotas(project, REGIONS);
    const outcome = await project.up().finally(end);
    expect(outcome.verify?.result).toBe("ok");
    for (const [region, seen] of await end()) {
      expect(seen.length, region).toBeGreaterThan(20);
      expect(Math.max(...seen.map(sumOf)), region).toBeLessThanOrEqual(SMALLEST.cpuMillis);
      // Which of the two depends on the host: one that does not get what it may use already is lent no more.
      const lent = (role: string, own: number) => seen.some((quotas) => (quotas[role] ?? 0) > own);
      expect(lent("server", SERVER_MILLIS) || lent("worker", WORKER_MILLIS), region).toBe(true);
    }
  });

  it("has its own limits again afterwards, and nothing to do", async () => {
    for (const region of REGIONS) await expectKernelHas(project, region, SMALLEST);
    expect(await project.preview()).toEqual([]);
  });

  it("killed while one starts leaves limits that `verify` names and the next `up` puts right", async () => {
    project.addRegion(regionFile("alpha", 1, { startingCredits: 4321 }));
    const { id } = await containerOf(project, "region-alpha-db");
    const lent = await limitsReader(id);
    const running = project.startCli(project.upCommand);
    try {
      await eventually("the database lends", () => Number(lent().cpuMillis) < DATABASE_MILLIS || undefined);
    } finally {
      running.kill();
    }
    await running.outcome;
    const left = Number(lent().cpuMillis) / 1000;
    expect(left).toBeLessThan(DATABASE_MILLIS / 1000);
    const verified = await project.cli(["verify", "--stack", project.stack]);
    expect(verified.code).toBe(1);
    expect(verified.output).toMatch(new RegExp(`region-alpha-db\\s+CPU\\s+0\\.22\\s+${left}\\s`));

    const outcome: UpOutcome = await project.up();
    expect(outcome.verify?.result).toBe("ok");
    await expectKernelHas(project, "alpha", SMALLEST);
  });
});
