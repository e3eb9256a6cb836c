import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { containerOf, containersOf, docker, identities } from "../support/containers";
import { Project, regionFile, succeeded } from "../support/project";
import { sleepingImages } from "../support/sleepingImage";
import { engineSuite } from "../support/suite";

const FIRST = "made-up-first-5Rz9";
const SECOND = "made-up-second-8Kq2";
const NEXUS_SERVER = "central-nexus-server";

// One story: each test goes on from where the one before it ended.
engineSuite("secrets of the operator's own", (run) => {
  let project: Project;
  beforeAll(async () => {
    project = await Project.make(run, "u", docker);
    project.addRegion(regionFile("alpha", 1));
    project.writeSettings(await sleepingImages(run));
  });
  afterAll(() => project?.remove(docker));

  /** As docs/game-server.md says: the value comes from standard input. */
  async function encrypt(variable: string, value: string): Promise<void> {
    const key = `nexus:imageOverrides.gameServer.${variable}`;
    const set = `${process.execPath} setup/cli.js pulumi config set --stack ${project.stack} --path --secret ${key}`;
    const env = { ...project.env, VALUE: value };
    succeeded(await project.start(["sh", "-c", `printf %s "$VALUE" | ${set}`], { env }).outcome);
  }

  const variablesOf = async (name: string): Promise<Map<string, string>> => {
    const { info } = await containerOf(project, name);
    return new Map(info.Config.Env.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
  };

  it("are encrypted in the settings and the state, and reach the servers that they are for", async () => {
    await encrypt("nexusEnv.PAYPAL_CLIENT_SECRET", FIRST);
    await encrypt("regionEnv.SMTP_PASSWORD", SECOND);
    expect(readFileSync(project.settingsFile, "utf8")).toMatch(/secure: v1:.*secure: v1:/s);

    const up = await project.cli(["up", "--stack", project.stack, "--yes", "--json"]);
    expect(JSON.parse(succeeded(up))).toMatchObject({ result: "succeeded", verify: { result: "ok" } });
    const nexus = await variablesOf(NEXUS_SERVER);
    expect([nexus.get("PAYPAL_CLIENT_SECRET"), nexus.has("SMTP_PASSWORD")]).toEqual([FIRST, false]);
    for (const name of ["region-alpha-server", "region-alpha-worker"]) {
      const own = await variablesOf(name);
      expect([own.get("SMTP_PASSWORD"), own.has("PAYPAL_CLIENT_SECRET")], name).toEqual([SECOND, false]);
    }
    const { text } = await project.state();
    for (const seen of [readFileSync(project.settingsFile, "utf8"), up.output, text])
      for (const secret of [FIRST, SECOND]) expect(seen).not.toContain(secret);
    expect(await project.preview()).toEqual([]);
  });

  it("replace those servers alone when they change, and no preview shows them", async () => {
    const before = identities(await containersOf(project));
    await encrypt("nexusEnv.PAYPAL_CLIENT_SECRET", SECOND);
    const preview = await project.cli(["preview", "--stack", project.stack, "--", "--diff"]);
    expect(succeeded(preview)).toContain("environment");
    for (const secret of [FIRST, SECOND]) expect(preview.output).not.toContain(secret);

    await project.up();
    const after = identities(await containersOf(project));
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([NEXUS_SERVER]);
    expect((await variablesOf(NEXUS_SERVER)).get("PAYPAL_CLIENT_SECRET")).toBe(SECOND);
  });

  const password = (...args: string[]) =>
    project.cli(["admin-password", "--stack", project.stack, "--cwd", project.dir, ...args]);

  it.each([
    ["the Nexus", [], NEXUS_SERVER],
    ["a region", ["alpha"], "region-alpha-server"],
  ])("the first admin's password of %s is printed, and nothing else", async (_, args, server) => {
    const told = (await variablesOf(server)).get("ADMIN_PASSWORD");
    expect(told).toMatch(/^[0-9a-f]{64}$/);
    expect(succeeded(await password(...args))).toBe(`${told}\n`);
  });

  it("and is refused for a region that there is not, and once nothing is up", async () => {
    const absent = await password("beta");
    expect([absent.code, absent.stdout]).toEqual([2, ""]);
    expect(absent.stderr).toContain('has no region "beta"');
    await project.destroy("--data");
    const gone = await password();
    expect([gone.code, gone.stdout]).toEqual([2, ""]);
    expect(gone.stderr).toMatch(/^Stack "\S+" has no Nexus\. Bring it up first/);
  });
});
