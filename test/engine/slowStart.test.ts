import { afterAll, beforeAll, expect, it } from "vitest";
import type { UpOutcome } from "../../cli/commands/up";
import { GB } from "../../config/units";
import { containerOf, docker } from "../support/containers";
import { expectKernelHas } from "../support/expectLimits";
import { limitsReader } from "../support/kernel";
import { Project, regionFile } from "../support/project";
import { type Quotas, sumOf, watchQuotas } from "../support/quotas";
import { slowServer } from "../support/slowServer";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const REGIONS = ["alpha", "beta", "gamma"];
const SMALLEST = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
/** The server's limit in the smallest region. */
const SERVER_MILLIS = 500;

// The real game takes 20 and 15 CPU-seconds, and its test 0.3, as `npm run bench -- slow-start` does. Less shows the same here.
engineSuite("a stack of slow servers", (run) => {
  let project: Project;
  let slow: Awaited<ReturnType<typeof slowServer>>;

  beforeAll(async () => {
    project = await Project.make(run, "w", docker);
    slow = await slowServer(run, { server: 4, worker: 3, health: 0.05 });
    Object.assign(project.settings, slow.settings);
    project.writeSettings();
    for (const [index, name] of REGIONS.entries()) project.addRegion(regionFile(name, index + 1));
  });
  afterAll(async () => {
    await project?.remove(docker);
    await slow?.remove();
  });

  const biggest = (seen: Quotas[], role: string) => Math.max(...seen.map((quotas) => quotas[role] ?? 0));

  it("comes up at the first try, on what each region can lend its server and worker, and never on more", async () => {
    const end = watchQuotas(project, REGIONS);
    const outcome = await project.up().finally(end);
    expect(outcome.verify?.result).toBe("ok");
    for (const [region, seen] of await end()) {
      expect(seen.length, region).toBeGreaterThan(20);
      expect(Math.max(...seen.map(sumOf)), region).toBeLessThanOrEqual(SMALLEST.cpuMillis);
      expect(biggest(seen, "server"), region).toBeGreaterThan(SERVER_MILLIS);
      expect(biggest(seen, "worker"), region).toBeGreaterThan(150);
    }
  });

  it("has its own limits again afterwards, and nothing to do", async () => {
    for (const region of REGIONS) await expectKernelHas(project, region, SMALLEST);
    expect(await project.preview()).toEqual([]);
  });

  it("killed while one starts leaves limits that `verify` names and the next `up` puts right", async () => {
    project.addRegion(regionFile("alpha", 1, { startingCredits: 4321 }));
    const before = await containerOf(project, "region-alpha-server");
    const running = project.startCli(project.upCommand);
    try {
      await eventually("the new server has more than its own", async () => {
        // By its name alone: looking at all of the stack again and again is work for a busy machine.
        const { Id } = await docker.getContainer(`${project.prefix}region-alpha-server`).inspect();
        if (Id === before.id) return undefined;
        const read = await limitsReader(Id);
        return (read().cpuMillis ?? 0) > SERVER_MILLIS || undefined;
      });
    } finally {
      running.kill();
    }
    await running.outcome;
    const verified = await project.cli(["verify", "--stack", project.stack]);
    expect(verified.code).toBe(1);
    expect(verified.output).toMatch(/region-alpha-server\s+CPU\s+0\.5\s+0\.[6-9]/);

    const outcome: UpOutcome = await project.up();
    expect(outcome.verify?.result).toBe("ok");
    await expectKernelHas(project, "alpha", SMALLEST);
  });
});
