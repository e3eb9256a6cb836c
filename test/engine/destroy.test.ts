import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { prepareRoot } from "../../components/dataFolder";
import { resolveImages } from "../../images/table";
import type { StateResource } from "../../operations/deploy/pulumi/deployment";
import type { UpOutcome } from "../../operations/deploy/up";
import { docker, expectedObjects, NEXUS, objectsOf } from "../support/containers";
import { ask } from "../support/http";
import { Project, regionFile, succeeded } from "../support/project";
import { engineSuite } from "../support/suite";
import { noTerminal, onTerminal } from "../support/terminal";

const NOTHING = { containers: [], networks: [], volumes: [] };
const VISITS = "/api/v1/regions/delta/sectors/3/visits";

// One story: each test goes on from where the one before it ended.
engineSuite("taking the platform down", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "d", docker);
    project.addRegion(regionFile("delta", 9));
    await project.up();
  });
  afterAll(() => project?.remove(docker));

  const answered = (answer: string) =>
    onTerminal(
      ["up", "--stack", project.stack],
      { cwd: project.dir, env: project.env },
      'Only "yes" goes on: ',
      answer,
    );

  it("asks for an answer beforehand where there is nobody to ask, and changes nothing", async () => {
    const { code, stderr } = await project.cli(["destroy", "--stack", project.stack]);
    expect(code).toBe(2);
    expect(stderr).toContain("--yes");
    expect(await objectsOf(project)).toEqual(expectedObjects(["delta"]));
  });

  it("`destroy` removes containers and networks, and keeps the data and what opens it", async () => {
    await ask(project.url, VISITS, { method: "POST" });
    await ask(project.url, VISITS, { method: "POST" });
    await project.destroy();
    const { containers, networks, volumes } = await objectsOf(project);
    expect({ containers, networks }).toEqual({ containers: [], networks: [] });
    const expected = expectedObjects(["delta"]).volumes.filter((name) => name.endsWith("-data"));
    expect(volumes).toEqual(expected);
    expect(readdirSync(project.dataRoot).sort()).toEqual([".disks", ".stack", "central-nexus", "delta"]);
    expect(project.hasState()).toBe(true);
  });

  it("`destroy` again has nothing to do", async () => {
    const { stderr } = await project.destroy();
    expect(stderr).toContain("nothing to take down");
  });

  it("another stack is refused the data root, up or down, and cannot remove what is in it", async () => {
    const other = await Project.make(run, "e", docker);
    try {
      other.addRegion(regionFile("delta", 9));
      other.writeSettings({ "nexus:dataRoot": project.dataRoot });
      for (const command of [other.upCommand, ["destroy", "--stack", other.stack, "--yes", "--data"]]) {
        const { code, stderr } = await other.cli(command);
        expect(code, stderr).toBe(2);
        expect(stderr).toContain(
          `${project.dataRoot} is the data root of another stack, ${project.stack} of project nexus.`,
        );
      }
      expect(await objectsOf(other)).toEqual(NOTHING);
      expect(readdirSync(project.dataRoot).sort()).toEqual([".disks", ".stack", "central-nexus", "delta"]);
    } finally {
      await other.remove(docker);
    }
  });

  it("of several stacks that begin at once in an empty data root, one has it", async () => {
    const dataRoot = join(run.root, "d", "contested");
    const images = resolveImages("local", {}, project.dir);
    const claim = (stackId: string) =>
      prepareRoot(
        docker,
        { images, dataRoot, stackId, stackName: `${stackId} of project nexus` },
        { region: NEXUS, role: "root" },
      );
    const names = ["one", "two", "three", "four"];
    const claims = await Promise.allSettled(names.map(claim));
    const owner = names[claims.findIndex(({ status }) => status === "fulfilled")];
    const refusals = claims.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(refusals).toHaveLength(3);
    for (const refusal of refusals)
      expect(refusal).toContain(`${dataRoot} is the data root of another stack, ${owner} of project nexus.`);
    expect(readdirSync(dataRoot)).toEqual([".stack"]);
  });

  it("`up` on another data root is refused, as the volumes that stayed lead to the old one", async () => {
    project.writeSettings({ "nexus:dataRoot": `${project.dataRoot}-moved` });
    const { code, stderr } = await project.cli(project.upCommand);
    project.writeSettings();
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`nexus:dataRoot: ${project.dataRoot}-moved was given`);
    expect(stderr).toContain(`Set it back to ${project.dataRoot}, or move the data`);
  });

  it("`up` without the state that has the secrets of the data is refused", async () => {
    const state = join(project.dir, ".nexus");
    renameSync(state, `${state}.lost`);
    const { code, stderr } = await project.cli(project.upCommand);
    rmSync(state, { recursive: true });
    renameSync(`${state}.lost`, state);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain("its state has no secrets for it");
    expect((await objectsOf(project)).containers).toEqual([]);
  });

  it.skipIf(noTerminal)(
    "`up` on a terminal shows what it would do and asks; an answer that is not yes changes nothing",
    async () => {
      const { code, text } = await answered("y");
      expect([code, text]).toEqual([0, expect.stringContaining("Nothing was changed.")]);
      expect(text).toMatch(/^delta +(new|created) /m);
      expect((await objectsOf(project)).containers).toEqual([]);
    },
  );

  it("`up` that is answered with yes brings everything back with its data", async () => {
    if (noTerminal) await project.up();
    else expect(await answered("yes")).toMatchObject({ code: 0 });
    expect(await objectsOf(project)).toEqual(expectedObjects(["delta"]));
    expect((await ask(project.url, VISITS)).json()).toEqual({ region: "delta", sector: 3, visits: 2 });
  });

  it("`up` loses data only where that was allowed by name", async () => {
    const key = await keyOf(project);
    const command = ["up", "--stack", project.stack, "--yes", "--json"];
    const replace = ["--", "--replace", key.urn];
    const refused = await project.cli([...command, "--allow-data-loss", "delta", ...replace]);
    expect(refused.code, refused.output).toBe(2);
    expect(refused.stderr).toContain("To do it all the same, add: --allow-data-loss central-nexus");
    expect(await keyOf(project)).toEqual(key);

    const allowed = await project.cli([...command, "--allow-data-loss", "central-nexus", ...replace]);
    const outcome = JSON.parse(succeeded(allowed)) as UpOutcome;
    expect(outcome).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    expect(outcome.impact[0]?.losses).toEqual([expect.stringContaining("nexus-encryption-key")]);
    expect((await keyOf(project)).outputs).not.toEqual(key.outputs);
  });

  it("`destroy --data` leaves nothing, also of a region whose file and volumes went before", async () => {
    await project.destroy();
    project.removeRegion("delta");
    for (const name of (await objectsOf(project)).volumes.filter((volume) => volume.includes("delta")))
      await docker.getVolume(project.prefix + name).remove();
    expect((await objectsOf(project)).volumes).toEqual(["central-nexus-db-data", "redis-nexus-data"]);
    const { stderr } = await project.destroy("--data");
    expect(stderr).not.toContain("so left in");
    expect(await objectsOf(project)).toEqual(NOTHING);
    expect(existsSync(project.dataRoot)).toBe(false);
    expect(project.hasState()).toBe(false);
  });
});

/** The root of all encryption keys as the state has it. */
async function keyOf(project: Project): Promise<StateResource> {
  const { deployment } = await project.state();
  const key = deployment.resources?.find(({ urn }) => urn.endsWith("::nexus-encryption-key"));
  if (!key) throw new Error("the state has no root of encryption keys");
  return key;
}
