import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { stringify } from "yaml";
import { run as runCommand } from "../support/command";
import { docker } from "../support/containers";
import { Project, regionFile, succeeded } from "../support/project";
import { engineSuite } from "../support/suite";

// Nothing is brought up: this is about what `npm run pulumi` passes on.
engineSuite("pulumi by hand", (run) => {
  let project: Project;
  let keys: KeyService;

  beforeAll(async () => {
    project = await Project.make(run, "pp", docker);
    keys = await KeyService.start();
  });
  afterAll(async () => {
    keys?.server.close();
    await project?.remove(docker);
  });

  it("works in a shell that has read --print-env, also where only the set-up has a Pulumi and a Node", async () => {
    const bin = (project.env.PATH ?? "")
      .split(delimiter)
      .find((folder) => existsSync(join(folder, "pulumi")));
    const node = join(run.root, "brought-node");
    mkdirSync(node);
    symlinkSync(process.execPath, join(node, "node"));
    const env = {
      ...project.env,
      NEXUS_NODE: node,
      NEXUS_PULUMI: bin ?? "",
      PULUMI_STACK: project.stack,
    };
    const printed = succeeded(await project.cli(["pulumi", "--print-env"], { env }));
    // A person's own shell has neither this Pulumi nor its plugins.
    const { PULUMI_HOME, ...own } = project.env;
    const PATH = ["/usr/bin", "/bin"].join(delimiter);
    const outcome = await runCommand(
      "sh",
      ["-c", `${printed}\ncommand -v pulumi && command -v node && pulumi stack && pulumi plugin ls`],
      {
        cwd: project.dir,
        env: { ...own, PATH },
      },
    );
    const text = succeeded(outcome);
    expect(text).toContain(`${bin}/pulumi\n${node}/node\n`);
    expect(text).toContain(`Current stack is ${project.stack}`);
    expect(text).toMatch(/^docker +resource/m);
  });

  it("runs the program as our own commands do, which run it in their own process", async () => {
    project.addRegion(regionFile("aurora", 1));
    const { stack } = project;
    const own = await project.cli(["preview", "--stack", stack, "--json"]);
    const byHand = await project.pulumi("preview", "--stack", stack, "--json");
    expect(stepsOf(succeeded(own)).length).toBeGreaterThan(project.platform.desired.containers.length);
    expect(stepsOf(succeeded(own))).toEqual(stepsOf(succeeded(byHand)));
  });

  it("shows what goes wrong in the program alike, and where in its sources", async () => {
    const { stack } = project;
    const file = join(project.dir, "components/networks.ts");
    const text = readFileSync(file, "utf8");
    onTestFinished(() => writeFileSync(file, text));
    const failing = async (thrown: string) => {
      writeFileSync(
        file,
        text.replace(/^( +)super\(.*$/m, (line) => `${line}\n    ${thrown}`),
      );
      const outcomes = [
        await project.cli(["preview", "--stack", stack]),
        await project.pulumi("preview", "--stack", stack, "--non-interactive", "--color", "never"),
      ];
      for (const { code, output } of outcomes) expect(code, output).toBe(code === 255 ? 255 : 1);
      return outcomes.map(({ output }) => output);
    };
    for (const output of await failing('throw new pulumi.RunError("told to a person");')) {
      expect(output).toMatch(/error: told to a person\n/);
      expect(output).not.toContain("networks.ts");
    }
    const line = text.slice(0, text.search(/^ +super\(/m)).split("\n").length + 1;
    for (const output of await failing('throw new Error("not foreseen");')) {
      expect(output).toContain("failed with an unhandled exception");
      expect(output).toContain("not foreseen");
      expect(output).toContain(`components/networks.ts:${line}:`);
    }
  });

  it("makes a production stack with a key service, as the refusal of one without advises", async () => {
    const settings = join(project.dir, "Pulumi.live.yaml");
    writeFileSync(settings, stringify({ config: { "nexus:environment": "production" } }));
    const env: Record<string, string> = {
      ...project.env,
      PULUMI_BACKEND_URL: pathToFileURL(run.root).href,
      VAULT_SERVER_URL: keys.url,
      VAULT_SERVER_TOKEN: "test",
    };
    const refused = await project.cli(["pulumi", "stack", "export", "--stack", "live"], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("npm run pulumi -- stack init live --secrets-provider=");
    const made = await project.cli(
      ["pulumi", "stack", "init", "live", "--secrets-provider=hashivault://nexus"],
      { env },
    );
    succeeded(made);
    expect(keys.asked).toContain("/v1/transit/encrypt/nexus");
    expect(readFileSync(settings, "utf8")).toMatch(
      /^secretsprovider: hashivault:\/\/nexus\nencryptedkey: \S+/m,
    );
    // What it wrote is all that later commands need.
    succeeded(
      await project.cli(["pulumi", "config", "set", "--secret", "a:b", "hidden", "--stack", "live"], { env }),
    );
    expect(readFileSync(settings, "utf8")).not.toContain("hidden");
    const read = await project.cli(["pulumi", "config", "get", "a:b", "--stack", "live"], { env });
    expect(succeeded(read).trim()).toBe("hidden");
  });
});

/** The steps of a preview in no order, with all that is given to resources; secrets are the same mark in both. */
function stepsOf(json: string): string[] {
  const { steps } = JSON.parse(json) as {
    steps: { op: string; urn: string; newState?: { inputs?: object } }[];
  };
  return steps.map(({ op, urn, newState }) => JSON.stringify([urn, op, newState?.inputs])).sort();
}

/** As much of a key service's interface as Pulumi asks for. It keeps nothing secret. */
class KeyService {
  readonly asked: string[] = [];
  readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const path = request.url ?? "";
        this.asked.push(path);
        const given = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, string>;
        const data = path.includes("/encrypt/")
          ? { ciphertext: `vault:v1:${given.plaintext}` }
          : { plaintext: given.ciphertext?.replace("vault:v1:", "") };
        response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
      });
    });
  }

  static async start(): Promise<KeyService> {
    const service = new KeyService();
    await new Promise<void>((resolve) => service.server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}
