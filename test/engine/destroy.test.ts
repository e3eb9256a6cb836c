import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { prepareRoot } from "../../components/dataFolder";
import { runJob } from "../../components/job";
import { resolveImages } from "../../images/table";
import type { StateResource } from "../../operations/deploy/pulumi/deployment";
import type { UpOutcome } from "../../operations/deploy/up";
import { docker, expectedObjects, NEXUS, objectsOf } from "../support/containers";
import { ask } from "../support/http";
import { Project, regionFile, succeeded } from "../support/project";
import { engineSuite } from "../support/suite";
import { unmountBelow } from "../support/sweep";
import { noTerminal, onTerminal } from "../support/terminal";

const NOTHING = { containers: [], networks: [], volumes: [] };
const VISITS = "/api/v1/regions/delta/sectors/3/visits";

// One story: each test goes on from where the one before it ended.
engineSuite("taking the platform down", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "d", docker);
    write(11);
    await project.up();
  });
  afterAll(() => project?.remove(docker));

  const write = (gigabytes: number, owner = "owner-of-delta"): void =>
    project.addRegion({
      ...regionFile("delta", 9, { resources: { cpu: 1, memory: "2GB", disk: `${gigabytes}GB` } }),
      owner,
    });
  const tenant = (): string => readFileSync(`${project.dataRoot}/delta/.tenant`, "utf8");

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

  it("a region that gets another owner takes its data along, in place", async () => {
    expect(tenant()).toBe("owner-of-delta");
    write(11, "second-owner");
    await project.up();
    expect(tenant()).toBe("second-owner");
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

  it("`up` with a smaller disk than the data that stayed is on is refused beforehand", async () => {
    write(10, "third-owner");
    const { code, stderr } = await project.cli(project.upCommand);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain("region delta has a disk of 11GB, and its file now says 10GB");
    expect((await objectsOf(project)).containers).toEqual([]);
    // The next `up` changes the owner of a region that is down.
    write(11, "third-owner");
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
      expect(text).toMatch(/^delta +new +5 containers$/m);
      expect(text).toMatch(/^ +changes +owner second-owner → third-owner$/m);
      expect((await objectsOf(project)).containers).toEqual([]);
    },
  );

  it("`up` that is answered with yes brings everything back with its data", async () => {
    if (noTerminal) await project.up();
    else expect(await answered("yes")).toMatchObject({ code: 0 });
    expect(await objectsOf(project)).toEqual(expectedObjects(["delta"]));
    expect((await ask(project.url, VISITS)).json()).toEqual({ region: "delta", sector: 3, visits: 2 });
    expect(tenant()).toBe("third-owner");
  });

  it("a lost volume is made again with its container, and one of its name that leads elsewhere is refused", async () => {
    const name = `${project.prefix}region-delta-storage`;
    const volume = docker.getVolume(`${name}-data`);
    const { Options } = await volume.inspect();
    await docker.getContainer(name).remove({ force: true });
    await volume.remove();
    await docker.createVolume({ Name: `${name}-data` });
    // Our own commands look before they begin; this is the hook's part.
    const lost = (await resourceOf(project, "region-delta-storage-container")).urn;
    succeeded(await project.pulumi("refresh", "--yes", "--stack", project.stack, "--target", lost));
    const { code, output } = await project.pulumi("up", "--yes", "--skip-preview", "--stack", project.stack);
    expect(code, output).not.toBe(0);
    expect(output).toContain(`the Docker volume ${name}-data is there already and kept by Docker itself`);

    await volume.remove();
    await project.up();
    expect((await volume.inspect()).Options).toEqual(Options);
  });

  it("`up` loses data only where that was allowed by name", async () => {
    const key = await resourceOf(project, "nexus-encryption-key");
    const command = ["up", "--stack", project.stack, "--yes", "--json"];
    const replace = ["--", "--replace", key.urn];
    const refused = await project.cli([...command, "--allow-data-loss", "delta", ...replace]);
    expect(refused.code, refused.output).toBe(2);
    expect(refused.stderr).toContain("To do it all the same, add: --allow-data-loss central-nexus");
    expect(await resourceOf(project, "nexus-encryption-key")).toEqual(key);

    const allowed = await project.cli([...command, "--allow-data-loss", "central-nexus", ...replace]);
    const outcome = JSON.parse(succeeded(allowed)) as UpOutcome;
    expect(outcome).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    expect(outcome.impact[0]?.losses).toEqual([expect.stringContaining("nexus-encryption-key")]);
    expect((await resourceOf(project, "nexus-encryption-key")).outputs).not.toEqual(key.outputs);
  });

  it("a region that is down may come back smaller once its data is gone", async () => {
    await project.destroy();
    await unmountBelow(docker, project.dataRoot);
    await runJob(docker, {
      image: resolveImages("local", {}, project.dir).postgres.ref,
      purpose: "remove a region's data",
      labels: {},
      command: ["rm", "-r", "/data/delta", "/data/.disks/delta.img"],
      binds: [`${project.dataRoot}:/data`],
    });
    write(10, "fourth-owner");
    expect((await project.up()).verify).toMatchObject({ result: "ok" });
    expect(tenant()).toBe("fourth-owner");
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

/** As the state has it. */
async function resourceOf(project: Project, name: string): Promise<StateResource> {
  const { deployment } = await project.state();
  const found = deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`));
  if (!found) throw new Error(`the state has no ${name}`);
  return found;
}
