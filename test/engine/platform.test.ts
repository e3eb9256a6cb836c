import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { run as runCommand } from "../support/command";
import { containersOf, expectedObjects, identities } from "../support/containers";
import { ask } from "../support/http";
import { succeeded } from "../support/project";
import { REGIONS, type Shared, sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

engineSuite("the platform comes up", (run) => {
  let shared: Shared;
  let settingsBefore: string;
  beforeAll(async () => {
    shared = await sharedStack(run);
    settingsBefore = readFileSync(shared.project.settingsFile, "utf8");
  });
  afterAll(() => writeFileSync(shared.project.settingsFile, settingsBefore));

  it("makes exactly the containers, networks and volumes of the specification", () => {
    expect(shared.objects).toEqual(expectedObjects([...REGIONS]));
    expect(Object.keys(shared.first.changes)).toEqual(["create"]);
  });

  it("answers at every address that the first `up` printed, as soon as it has ended", () => {
    expect(shared.answers.map(({ what }) => what)).toEqual([
      "player client",
      "admin UI",
      "Nexus API",
      "Nexus server, direct",
      "Nexus database, direct",
      "Nexus Redis, direct",
      "player client, direct",
      "admin UI, direct",
      "blackbox exporter, direct",
      "region alpha",
      "region beta",
    ]);
    expect(shared.answers.filter(({ problem }) => problem !== undefined)).toEqual([]);
  });

  it("answers 200 with what belongs there", async () => {
    const { project } = shared;
    const bodies = await Promise.all(
      ["/", "/admin/", "/api/v1/status", "/api/v1/regions/alpha/status"].map((path) =>
        ask(project.url, path),
      ),
    );
    expect(bodies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(bodies[2]?.json()).toMatchObject({ service: "nexus" });
    expect(bodies[3]?.json()).toMatchObject({ service: "region", region: "alpha" });
  });

  it("has an exporter that tells who answers from who does not", async () => {
    const probe = async (module: string, target: string): Promise<string | undefined> => {
      const port = shared.project.settings["nexus:publish"].blackboxExporter;
      const query = new URLSearchParams({ module, target });
      const answer = await ask(`http://127.0.0.1:${port}`, `/probe?${query}`);
      expect(answer.status, answer.body).toBe(200);
      return /^probe_success (.*)$/m.exec(answer.body)?.[1];
    };
    const answers = await Promise.all([
      probe("http_2xx", "http://nginx-gateway:8080/health"),
      probe("http_2xx", "http://nginx-gateway:8080/api/v1/regions/alpha/status"),
      probe("http_2xx_localhost", "http://central-nexus-server:8080/health"),
      probe("tcp_connect", "central-nexus-db:5432"),
      probe("http_2xx", "http://nothing-has-this-name:8080/health"),
      probe("http_2xx", "http://nginx-gateway:8080/api/v1/regions/nobody/status"),
      // A region's server is not on its network: it asks for it at the gateway, as players do.
      probe("tcp_connect", "region-alpha-server:8080"),
    ]);
    expect(answers).toEqual(["1", "1", "1", "1", "0", "0", "0"]);
  });

  it("has nothing to do the second time, whatever the order of files and keys", async () => {
    const { project } = shared;
    const before = identities(await containersOf(project));
    const second = await project.cli(["up", "--stack", project.stack, "--yes", "--json"]);
    expect(JSON.parse(succeeded(second))).toMatchObject({ result: "succeeded", changes: {} });

    for (const name of [...REGIONS].reverse()) {
      const { name: _, slot, ...rest } = JSON.parse(JSON.stringify(await regionData(name)));
      const reversed = Object.fromEntries(Object.entries({ slot, ...rest, name }).reverse());
      writeFileSync(join(project.regionsDir, `${name}.yaml`), stringify(reversed));
    }
    expect(await project.preview()).toEqual([]);
    expect(identities(await containersOf(project))).toEqual(before);
  });

  it("`preview --expect-no-changes` ends with 0, and with 1 when there is a change", async () => {
    const { project } = shared;
    const args = ["preview", "--stack", project.stack, "--expect-no-changes"];
    expect((await project.cli(args)).code).toBe(0);
    project.writeSettings({ "nexus:healthIntervalSeconds": 3 });
    try {
      expect((await project.cli(args)).code).toBe(1);
    } finally {
      writeFileSync(project.settingsFile, settingsBefore);
    }
  });

  it("plain `pulumi preview` in the project shows no change either", async () => {
    const { project } = shared;
    const outcome = await project.pulumi("preview", "--non-interactive", "--expect-no-changes");
    // Pulumi itself writes to the settings file, which our commands prevent.
    writeFileSync(project.settingsFile, settingsBefore);
    expect(outcome.code, outcome.output).toBe(0);
  });

  it("`npm start` again finds everything done and prints the addresses", async () => {
    const { project } = shared;
    const outcome = await runCommand(process.execPath, ["setup/run.js", "start", "--stack", project.stack], {
      cwd: project.dir,
      env: project.env,
    });
    const printed = succeeded(outcome);
    for (const { url } of shared.first.addresses) expect(printed).toContain(url);
    expect(outcome.stderr).toContain("Nothing had to change.");
  });

  it("leaves the files that are committed as they were", () => {
    expect(readFileSync(shared.project.settingsFile, "utf8")).toBe(settingsBefore);
  });

  async function regionData(name: string): Promise<unknown> {
    const { parse } = await import("yaml");
    return parse(readFileSync(join(shared.project.regionsDir, `${name}.yaml`), "utf8"));
  }
});
