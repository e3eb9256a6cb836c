import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { run as runCommand } from "../support/command";
import { docker } from "../support/containers";
import { Project, succeeded } from "../support/project";
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
