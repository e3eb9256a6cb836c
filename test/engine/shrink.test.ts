import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { regionBudget } from "../../catalog/regionBudget";
import type { RegionResources } from "../../regions/model";
import { containerOf, containersOf, docker, identities } from "../support/containers";
import { expectKernelHas } from "../support/expectLimits";
import { PLAYERS, type Project, regionFile } from "../support/project";
import { psql } from "../support/services";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";
import { eventually } from "../support/wait";

const NAME = "alpha";
const DATABASE = `region-${NAME}-db`;
const GB = 1e9;
const SMALL: RegionResources = { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: 10 * GB };
const LARGE: RegionResources = { ...SMALL, memoryBytes: 4 * GB };

engineSuite("a region whose database was started at a larger size", (run) => {
  let project: Project;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    write(LARGE);
    await project.up();
    await restartDatabase();
  });
  afterAll(async () => {
    if (!project) return;
    await restartDatabase();
    write(SMALL);
    await project.up();
  });

  function write({ memoryBytes }: RegionResources): void {
    const resources = { cpu: 1, memory: `${memoryBytes / GB}GB`, disk: "10GB" };
    project.addRegion(regionFile(NAME, 1, { resources }));
  }

  async function restartDatabase(): Promise<void> {
    const { id } = await containerOf(project, DATABASE);
    await docker.getContainer(id).restart();
    await eventually("the database is healthy", async () => {
      const { State } = await docker.getContainer(id).inspect();
      return State.Health?.Status === "healthy" ? true : undefined;
    });
  }

  async function sharedBuffers(): Promise<number> {
    const { id } = await containerOf(project, DATABASE);
    const sql = "SELECT setting::bigint * 8192 FROM pg_settings WHERE name = 'shared_buffers'";
    return Number(await psql(id, sql));
  }

  /** As the files say. */
  async function buffersOfNextStart(): Promise<string> {
    const { id } = await containerOf(project, DATABASE);
    return psql(id, "SELECT setting FROM pg_file_settings WHERE name = 'shared_buffers'");
  }

  /** While a run of another machine holds the lock, `up` must write nothing on the host. */
  async function expectLockedOut(): Promise<void> {
    const { stack, dir } = project;
    const lock = join(dir, ".nexus/state/.pulumi/locks/organization/nexus", stack, "elsewhere.json");
    const holder = {
      pid: 1,
      username: "somebody",
      hostname: "elsewhere",
      timestamp: new Date().toISOString(),
    };
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, JSON.stringify(holder));
    try {
      const { code, output } = await project.cli(project.upCommand);
      expect(code, output).toBe(1);
      expect(output).toContain("process 1 of somebody on elsewhere");
    } finally {
      rmSync(lock);
    }
  }

  it("is not shrunk below its buffers: said by the preview, refused before any limit changes", async () => {
    expect(await sharedBuffers()).toBe(regionBudget(LARGE, PLAYERS).postgres.sharedBuffersBytes);
    write(SMALL);

    const previewed = await project.cli(["preview", "--stack", project.stack]);
    expect(previewed.output).toMatch(
      /`up` would stop here:[\s\S]*region-alpha-db holds on to \d+ MiB of memory/,
    );

    const before = identities(await containersOf(project));
    const written = await buffersOfNextStart();
    await expectLockedOut();
    expect(await buffersOfNextStart()).toBe(written);
    const cache = docker.getContainer((await containerOf(project, `region-${NAME}-cache`)).id);
    await cache.pause();
    const { code, output } = await project.cli(project.upCommand).finally(() => cache.unpause());
    expect(code, output).toBe(2);
    expect(output).toContain("region-alpha-cache is paused, so its memory cannot be looked at.");
    expect(await buffersOfNextStart()).not.toBe(written);
    expect(output).toMatch(/region-alpha-db holds on to \d+ MiB of memory, and its new limit is \d+ MiB\./);
    expect(output).toMatch(/docker restart \S*region-alpha-db/);
    await expectKernelHas(project, NAME, LARGE);
    expect(identities(await containersOf(project))).toEqual(before);
  });

  it("shrinks after the restart that was asked for", async () => {
    await restartDatabase();
    expect(await sharedBuffers()).toBe(regionBudget(SMALL, PLAYERS).postgres.sharedBuffersBytes);
    await project.up();
    await expectKernelHas(project, NAME, SMALL);
  });
});
