import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { docker, objectsOf } from "../support/containers";
import { Project, regionFile, succeeded } from "../support/project";
import { engineSuite } from "../support/suite";

const GB = 1_000_000_000;
/** The largest region, so that few of them fill any machine. */
const LARGEST = 16 * GB;

engineSuite("more regions than the host can hold", (run) => {
  let project: Project;
  let memory: number;

  beforeAll(async () => {
    project = await Project.make(run, "c", docker);
    project.addRegion(regionFile("first", 1));
    memory = ((await docker.info()) as { MemTotal: number }).MemTotal;
  });
  afterEach(() => project.writeSettings());
  afterAll(() => project?.remove(docker));

  /** Runs a command that must be refused, and returns what it said; nothing may have been made. */
  async function refused(code: number, ...args: string[]): Promise<string> {
    const outcome = await project.cli([...args, "--stack", project.stack]);
    expect(outcome.code, outcome.output).toBe(code);
    expect(outcome.output).not.toMatch(/^\s+at /m);
    const { containers, networks, volumes } = await objectsOf(project);
    expect([containers, networks, volumes]).toEqual([[], [], []]);
    return outcome.output;
  }

  it("are refused by preview and up, on the host that Docker reports, with what is too much and who came last", async () => {
    const count = Math.ceil(memory / LARGEST) + 1;
    const names = Array.from({ length: count }, (_, index) => `large-${index + 2}`);
    for (const [index, name] of names.entries()) {
      const resources = { cpu: 1, memory: "16GB", disk: "10GB" };
      project.addRegion(regionFile(name, index + 2, { resources }));
    }
    try {
      for (const command of [["preview"], ["up", "--yes"]]) {
        const output = await refused(2, ...command);
        expect(output).toContain("The Docker host cannot take this stack; nothing was changed.");
        expect(output).toMatch(
          new RegExp(
            `memory: ${count + 1} regions that add up to ${2 + 16 * count}GB were given; allowed is `,
          ),
        );
        expect(output).toMatch(
          new RegExp(
            `the last by slot would have to go: .*/large-${count + 1}\\.yaml \\(slot ${count + 1}\\)\\.`,
          ),
        );
      }
    } finally {
      for (const name of names) project.removeRegion(name);
    }
  });

  it("are refused by plain pulumi as well, on the host that the settings declare", async () => {
    project.writeSettings({ "nexus:host": { cpu: 1, memory: "4GB", disk: "15GB" } });
    const output = await refused(1, "pulumi", "preview");
    expect(output).toMatch(
      /Pulumi\.\w+\.yaml:\d+:\d+: nexus:host\.memory: memory: 1 region of 2GB was given; allowed is 1\.81GB, exceeded by 0\.19GB/,
    );
    expect(output).toContain("disk: 1 region of 10GB");
  });

  it("are not made room for by declaring a host that is larger than it is", async () => {
    project.writeSettings({ "nexus:host": { cpu: 1024, memory: "16000GB", disk: "1000TB" } });
    for (const command of [["preview"], ["up", "--yes"]]) {
      const output = await refused(2, ...command);
      for (const key of ["cpu", "memory", "disk"]) {
        expect(output).toMatch(
          new RegExp(`^Pulumi\\.\\w+\\.yaml: nexus:host\\.${key}: .* was given; allowed is what`, "m"),
        );
      }
    }
  });

  it("can be counted before: CPU, memory and disk are measured, also before there is a data root", async () => {
    const printed = succeeded(await project.cli(["capacity", "--stack", project.stack, "--format", "json"]));
    const { hosts } = JSON.parse(printed) as { hosts: { source: string; size: Record<string, number> }[] };
    expect(hosts.map(({ source }) => source)).toEqual(["measured"]);
    expect(hosts[0]?.size.memoryBytes).toBe(memory);
    expect(hosts[0]?.size.diskBytes).toBeGreaterThan(hosts[0]?.size.freeDiskBytes ?? Number.NaN);
    const left = await docker.listContainers({
      all: true,
      filters: { label: ["io.sectorwars.role=measure"] },
    });
    expect(left).toEqual([]);
  });
});
