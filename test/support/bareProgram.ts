import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { run } from "./command";
import { succeeded } from "./project";
import type { TestRun } from "./run";
import { REPOSITORY } from "./toolchain";

/** A resource of the Docker provider, with nothing of ours around it. */
export interface BareResource {
  kind: "Container" | "Network" | "Volume";
  name: string;
  args: Record<string, unknown>;
  opts?: Record<string, unknown>;
  /** Names of resources that must be there first. */
  after?: string[];
}

const PROGRAM = `
const docker = require("@pulumi/docker");
const made = {};
for (const { kind, name, args, opts, after = [] } of require("./resources.json")) {
  const dependsOn = after.map((other) => made[other]);
  made[name] = new docker[kind](name, args, { deleteBeforeReplace: true, ...opts, dependsOn });
}
`;

/** What pulumi reported of a run. */
export interface Reported {
  code: number;
  output: string;
  /** What was done to each resource that did not stay the same. */
  done: Map<string, "create" | "update" | "replace" | "delete">;
}

/** A Pulumi program of raw Docker resources, on a stack of its own: what the provider does when nobody helps it. */
export class BareProgram {
  private constructor(
    private readonly dir: string,
    private readonly env: Record<string, string>,
  ) {}

  static async make(testRun: TestRun, name: string): Promise<BareProgram> {
    const dir = join(testRun.root, name);
    mkdirSync(join(dir, "state"), { recursive: true });
    symlinkSync(join(REPOSITORY, "node_modules"), join(dir, "node_modules"));
    writeFileSync(
      join(dir, "Pulumi.yaml"),
      "name: bare\nruntime: { name: nodejs, options: { typescript: false } }\n",
    );
    writeFileSync(join(dir, "package.json"), '{"name": "bare", "main": "index.js"}');
    writeFileSync(join(dir, "index.js"), PROGRAM);
    const env = {
      ...testRun.env,
      PULUMI_BACKEND_URL: pathToFileURL(join(dir, "state")).href,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_DEBUG_COMMANDS: "true",
    };
    const program = new BareProgram(dir, env);
    succeeded(await program.pulumi("stack", "init", "bare"));
    return program;
  }

  /** Makes the resources these. A failed step does not stop the others. */
  async up(resources: BareResource[]): Promise<Reported> {
    writeFileSync(join(this.dir, "resources.json"), JSON.stringify(resources));
    const log = join(this.dir, `events-${Date.now()}.jsonl`);
    const { code, output } = await this.pulumi(
      ...["up", "--stack", "bare", "--yes", "--skip-preview", "--continue-on-error"],
      ...["--parallel", "8", "--event-log", log],
    );
    return { code, output, done: existsSync(log) ? doneIn(readFileSync(log, "utf8")) : new Map() };
  }

  private pulumi(...args: string[]): ReturnType<typeof run> {
    return run("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: this.dir,
      env: this.env,
    });
  }
}

interface StepEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string } };
}

function doneIn(log: string): Reported["done"] {
  const events = log
    .split("\n")
    .filter((line) => line.includes('"resourcePreEvent"'))
    .flatMap((line) => (JSON.parse(line) as StepEvent).resourcePreEvent ?? []);
  const done: Reported["done"] = new Map();
  for (const { metadata } of events) {
    const name = metadata.urn.split("::")[3] ?? "";
    if (metadata.op === "same") continue;
    // A replacement is several steps.
    const op = /replace/.test(metadata.op) ? "replace" : metadata.op;
    done.set(name, op as "create" | "update" | "replace" | "delete");
  }
  return done;
}
