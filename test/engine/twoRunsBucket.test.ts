import { afterAll, beforeAll, expect, it } from "vitest";
import { docker, expectedObjects, objectsOf } from "../support/containers";
import { stopAt } from "../support/heldPulumi";
import { Project, regionFile, succeeded } from "../support/project";
import { S3Server } from "../support/s3";
import { sleepingImages } from "../support/sleepingImage";
import { engineSuite } from "../support/suite";

// One story: each test goes on from where the one before it ended.
engineSuite("two runs at once, with the state in a bucket", (run) => {
  const missing = S3Server.missing(run);
  if (missing) return void it.skip(`all [skipped, missing: ${missing}]`);
  let project: Project;
  let s3: S3Server;
  beforeAll(async () => {
    project = await Project.make(run, "bu", docker);
    s3 = await S3Server.start(run, "bu/s3");
    Object.assign(project.more, s3.env, { PULUMI_BACKEND_URL: s3.backendUrl });
    project.writeSettings(await sleepingImages(run));
  });
  afterAll(async () => {
    await project?.remove(docker);
    await s3?.stop();
  });

  const refused =
    /^Stack ".*" is locked: process \d+ of .* Nothing was changed\..* pulumi -- cancel --yes --stack /m;

  it("remove nothing of each other: the second is told who holds the lock", async () => {
    const first = project.startCli(project.upCommand);
    const goOn = await stopAt(project, "", s3.folder);
    const second = await project.cli(project.upCommand);
    goOn();
    succeeded(await first.outcome);
    expect(second.code, second.output).toBe(1);
    expect(second.stderr.match(/locked/g), second.stderr).toHaveLength(1);
    expect(second.stderr).toMatch(refused);
    expect(await objectsOf(project)).toEqual(expectedObjects([]));
  });

  it("and a lock that a kill left is removed by a person, and the next one repairs", async () => {
    project.addRegion(regionFile("alpha", 1));
    const killed = project.startCli(project.upCommand);
    await stopAt(project, "region-alpha-", s3.folder);
    killed.kill();
    await killed.outcome;
    const held = await objectsOf(project);

    const second = await project.cli(project.upCommand);
    expect(second.code, second.output).toBe(1);
    expect(second.stderr).toMatch(refused);
    // What a dead run asked of Docker last may still come; nothing goes.
    expect((await objectsOf(project)).containers).toEqual(expect.arrayContaining(held.containers));

    succeeded(await project.cli(["pulumi", "cancel", "--yes", "--stack", project.stack]));
    await project.up();
    expect(await objectsOf(project)).toEqual(expectedObjects(["alpha"]));
    expect((await project.state()).deployment.pending_operations ?? []).toEqual([]);
    expect(await project.preview()).toEqual([]);
  });

  it("a preview needs a key that only reads, and `up` says what such a key cannot do", async () => {
    await s3.onlyReads();
    project.addRegion(regionFile("beta", 2));
    const preview = ["preview", "--stack", project.stack, "--no-host", "--markdown"];
    expect(succeeded(await project.cli(preview))).toContain("| **beta** | new |");
    const before = await objectsOf(project);
    const { code, stderr } = await project.cli(project.upCommand);
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^The lock of stack ".*" at s3:\S+ cannot be looked at:\n.*AccessDenied/m);
    expect(await objectsOf(project)).toEqual(before);
  });
});
