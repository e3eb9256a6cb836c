import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { UpOutcome } from "../../operations/deploy/up";
import { containersOf, docker, expectedObjects, identities, objectsOf } from "../support/containers";
import { HeldPulumi, stopAt } from "../support/heldPulumi";
import { Project, regionFile, succeeded } from "../support/project";
import { sleepingImages } from "../support/sleepingImage";
import { engineSuite } from "../support/suite";
import { onTerminal } from "../support/terminal";

const QUESTION = 'Only "yes" goes on: ';

// One story: each test goes on from where the one before it ended.
engineSuite("two runs at once, with the state in a folder that has two addresses", (run) => {
  let project: Project;
  let elsewhere: Record<string, string>;
  beforeAll(async () => {
    project = await Project.make(run, "tw", docker);
    project.writeSettings(await sleepingImages(run));
    await project.up();
    const address = join(run.root, "tw", "address");
    symlinkSync(join(project.dir, ".nexus/state"), address);
    elsewhere = { ...project.env, PULUMI_BACKEND_URL: pathToFileURL(address).href };
  });
  afterAll(() => project?.remove(docker));

  it("remove nothing of each other: one that looked at the lock before, and one that read the state before", async () => {
    project.addRegion(regionFile("alpha", 1));
    const looked = new HeldPulumi(join(run.root, "tw"), "stack init");
    const read = new HeldPulumi(join(run.root, "tw"), "stack export");
    const lookedUp = project.startCli(project.upCommand, { env: looked.env(elsewhere) });
    await looked.isReached();
    const readUp = project.startCli(project.upCommand, { env: read.env(elsewhere) });
    await read.isReached();

    const first = project.startCli(project.upCommand);
    const goOn = await stopAt(project, "region-alpha-", join(project.dir, ".nexus/state"));
    looked.release();
    const refused = await lookedUp.outcome;
    goOn();
    succeeded(await first.outcome);
    const made = identities(await containersOf(project));
    read.release();
    const second = await readUp.outcome;

    expect(refused.code, refused.output).toBe(1);
    expect(refused.stderr).toMatch(/Stack ".*" is locked: process \d+ of .* Nothing was changed\./);
    expect((JSON.parse(succeeded(second)) as UpOutcome).changes).toEqual({});
    expect(await objectsOf(project)).toEqual(expectedObjects(["alpha"]));
    expect(identities(await containersOf(project))).toEqual(made);
  });

  /** What a resize changes, which touches no container. */
  async function limits(): Promise<(number | undefined)[]> {
    return [...(await containersOf(project)).values()].map(({ info }) => info.HostConfig.CpuQuota);
  }

  it("apply what was agreed: a file that changed since the preview stops it", async () => {
    const before = await limits();
    project.addRegion(regionFile("alpha", 1, { resources: { cpu: 2, memory: "2GB", disk: "10GB" } }));
    const { code, text } = await onTerminal(
      ["up", "--stack", project.stack],
      { cwd: project.dir, env: project.env },
      QUESTION,
      async () => {
        project.addRegion(regionFile("alpha", 1, { resources: { cpu: 4, memory: "2GB", disk: "10GB" } }));
        return "yes";
      },
    );
    expect(code, text).toBe(1);
    expect(text).toContain(`Changed since the preview: regions/${project.stack}/alpha.yaml.`);
    expect(await limits()).toEqual(before);
  });

  it("and so does a state that another run changed since", async () => {
    let other: UpOutcome | undefined;
    const { code, text } = await onTerminal(
      ["up", "--stack", project.stack],
      { cwd: project.dir, env: project.env },
      QUESTION,
      async () => {
        other = await project.up();
        return "yes";
      },
    );
    expect(other?.result).toBe("succeeded");
    expect(code, text).toBe(1);
    expect(text).toMatch(/Changed since the preview: the state in \d+ resources \(/);
  });
});
