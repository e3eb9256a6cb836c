import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { regionBudget } from "../../catalog/regionBudget";
import { GB } from "../../config/units";
import type { AreaImpact } from "../../operations/deploy/impact/impact";
import type { UpOutcome } from "../../operations/deploy/up";
import { containerOf, containersOf, identities, NEXUS } from "../support/containers";
import { kernelFacts, kernelForm } from "../support/kernel";
import { PLAYERS, type Project, regionFile, succeeded } from "../support/project";
import { REGIONS, sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

const [NAME, OTHER] = REGIONS;
/** As the file of a region says that a test does not change. */
const SMALLEST = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };

engineSuite("the impact report", (run) => {
  let project: Project;
  let before: Record<string, string>;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    before = identities(await containersOf(project));
  });
  // Other files use this stack as it was.
  afterAll(async () => {
    if (!project) return;
    project.writeSettings();
    project.addRegion(regionFile(NAME, 1));
    await project.up();
  });

  /** Names of the containers that are not what they were. */
  async function touched(): Promise<string[]> {
    const now = identities(await containersOf(project));
    return Object.keys({ ...before, ...now }).filter((name) => before[name] !== now[name]);
  }

  it("is what then happens: the containers that it says restart are recreated, all others go on", async () => {
    // Not its disk: that never shrinks again, and other files use this stack.
    const resources = { cpu: 2, memory: "4GB", disk: "10GB" };
    project.addRegion(regionFile(NAME, 1, { resources, startingCredits: 4321 }));
    const printed = succeeded(await project.cli(["preview", "--stack", project.stack, "--json"]));
    const { impact, steps } = JSON.parse(printed) as { impact: AreaImpact[]; steps: unknown[] };
    expect(steps.length).toBeGreaterThan(0);
    expect(impact.map(({ area, losses }) => [area, losses])).toEqual([[NAME, []]]);
    const [region] = impact;
    const names = (entries: { container: string }[] = []): string[] =>
      entries.map(({ container }) => `region-${NAME}-${container}`).sort();
    expect(names(region?.restarts)).toEqual([`region-${NAME}-server`, `region-${NAME}-worker`]);
    expect(names(region?.inPlace)).toEqual(
      ["cache", "db", "storage"].map((role) => `region-${NAME}-${role}`),
    );
    expect(region?.changes).toEqual(["CPU 1 → 2", "memory 2GB → 4GB"]);
    expect(await touched()).toEqual([]);

    const outcome = await project.cli(["up", "--stack", project.stack, "--yes", "--json"]);
    expect(JSON.parse(succeeded(outcome))).toMatchObject({ result: "succeeded", impact });
    expect(outcome.stderr).toContain("nothing restarts");
    expect((await touched()).sort()).toEqual(names(region?.restarts));
  });

  it("is Markdown for a pull request", async () => {
    project.addRegion(regionFile(NAME, 1));
    const { code, stdout } = await project.cli(["preview", "--stack", project.stack, "--markdown"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\| region \| what happens \| details \|\n\| --- /);
    expect(stdout).toContain("CPU 2 → 1");
  });

  it("says that the data is where it is when the data root is another, and `up` does not begin with it, even without a preview", async () => {
    before = identities(await containersOf(project));
    project.writeSettings({ "nexus:dataRoot": join(project.dir, "elsewhere") });
    const { stdout } = await project.cli(["preview", "--stack", project.stack]);
    expect(stdout).toContain(`its data is in ${project.dataRoot}/${NAME},`);
    const { code, stderr } = await project.cli([
      ...project.upCommand.slice(0, -2),
      ...[NEXUS, ...REGIONS].flatMap((area) => ["--allow-data-loss", area]),
      ...project.upCommand.slice(-2),
    ]);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`Set it back to ${project.dataRoot}, or move the data`);
    expect(await touched()).toEqual([]);
  });

  it("of workers that are no longer wanted: they go, the others get their part, and nothing restarts", async () => {
    project.writeSettings({ "nexus:worker": "none" });
    const outcome = await project.cli(["up", "--stack", project.stack, "--yes", "--json"]);
    const { impact, verify } = JSON.parse(succeeded(outcome)) as UpOutcome;
    expect(verify?.result).toBe("ok");
    const other = impact.find(({ area }) => area === OTHER);
    const inPlace = other?.inPlace.map(({ container }) => container).sort();
    expect({ ...other, inPlace }).toMatchObject({
      ...{ removed: ["worker"], restarts: [], losses: [] },
      inPlace: ["cache", "db", "server", "storage"],
    });
    const { limits } = regionBudget(SMALLEST, PLAYERS, { hasWorker: false });
    for (const role of ["server", "db"] as const) {
      const { id } = await containerOf(project, `region-${OTHER}-${role}`);
      expect(await kernelFacts(id)).toMatchObject(kernelForm(limits[role]));
    }
    const ofOther = (name: string) => name.startsWith(`region-${OTHER}-`);
    expect((await touched()).filter(ofOther)).toEqual([`region-${OTHER}-worker`]);
  });
});
