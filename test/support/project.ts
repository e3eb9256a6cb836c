import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { stringify } from "yaml";
import { DIRECT_ACCESS, type PublishSetting } from "../../catalog/services";
import type { Deployment } from "../../operations/deploy/pulumi/deployment";
import type { UpOutcome } from "../../operations/deploy/up";
import { loadPlatform, type Platform } from "../../platform";
import { sharedAddresses } from "../../regions/addresses";
import { type CommandOptions, nodeFor, type Outcome, type Running, start } from "./command";
import { NAME_START, type TestRun } from "./run";
import { freePorts, freeRanges } from "./space";
import { removeRemains } from "./sweep";
import { REPOSITORY } from "./toolchain";

/** What a project folder does not need: tests do not read it, and it must have a state of its own. */
const NOT_COPIED = new Set([
  ".git",
  ".nexus",
  ".ci",
  ".github",
  "bench",
  "coverage",
  "docs",
  "node_modules",
  "test",
]);

/** A region's file as data. */
export type RegionFile = { name: string; slot: number } & Record<string, unknown>;

/** A resource that an `up` would touch. */
export interface Operation {
  op: string;
  type: string;
  name: string;
}

/** The command line that runs another one where a project is brought up, such as in a network of its own. */
type CommandLine = (line: string[]) => string[];

interface ProjectOptions {
  where?: CommandLine;
  /** Folder of the checkout that is copied. @default this repository */
  checkout?: string;
}

/** Settings that tests look at again. */
export interface TestSettings {
  "nexus:namePrefix": string;
  "nexus:dataRoot": string;
  "nexus:networks": { nexus: string; regional: string; regions: string };
  "nexus:gateway": { address: string; httpPort: number; trustedProxies: string[] };
  "nexus:publish": Record<PublishSetting, number>;
  [key: string]: unknown;
}

/** What a region file of a test has, unless it says otherwise. */
export const PLAYERS = 50;

/** The smallest region there is. */
export function regionFile(name: string, slot: number, more: Record<string, unknown> = {}): RegionFile {
  const resources = { cpu: 1, memory: "2GB", disk: "10GB" };
  return { name, slot, owner: `owner-of-${name}`, resources, players: PLAYERS, ...more };
}

/**
 * A throw-away copy of the program with a stack of its own: own name prefix, address ranges, ports, data and state.
 * It cannot meet any other stack of this machine.
 */
export class Project {
  readonly marker: string;
  /** Variables that all commands of this project get beside the run's. */
  readonly more: Record<string, string> = {};

  private constructor(
    readonly testRun: TestRun,
    /** A letter or two that tell the projects of a run apart. */
    readonly letter: string,
    readonly dir: string,
    readonly stack: string,
    readonly settings: TestSettings,
    private readonly where?: CommandLine,
  ) {
    this.marker = `NEXUS_TEST_PROJECT=${this.prefix}`;
  }

  /** Makes the folder and its settings; nothing is brought up. */
  static async make(
    testRun: TestRun,
    letter: string,
    docker: Docker,
    { where, checkout = REPOSITORY }: ProjectOptions = {},
  ): Promise<Project> {
    const dir = join(testRun.root, letter, "project");
    mkdirSync(dir, { recursive: true });
    cpSync(checkout, dir, {
      recursive: true,
      filter: (source) =>
        !NOT_COPIED.has(source.slice(checkout.length + 1)) && !source.endsWith("/node_modules"),
    });
    symlinkSync(join(checkout, "node_modules"), join(dir, "node_modules"));
    const published = DIRECT_ACCESS.map(({ setting }) => setting);
    const [httpPort = 0, ...ports] = await freePorts(1 + published.length);
    const networks = await freeRanges(docker);
    // What reaches the gateway from this machine comes from its networks' own addresses: a test can be any client.
    const { nexus, regional } = sharedAddresses(networks);
    const trustedProxies = [nexus.gateway, regional.gateway];
    const settings: TestSettings = {
      "nexus:namePrefix": Project.prefixOf(testRun, letter),
      "nexus:dataRoot": join(testRun.root, letter, "data"),
      "nexus:images": "local",
      "nexus:environment": "staging",
      "nexus:profile": "laptop",
      // Admission is not what most tests are about, and several stacks of tests share a small machine.
      "nexus:admission": { cpuOvercommit: 40, reserve: { cpu: 0, memory: "0GB", disk: "0GB" } },
      "nexus:networks": networks,
      "nexus:gateway": { address: "127.0.0.1", httpPort, trustedProxies },
      "nexus:publish": Object.fromEntries(
        published.map((setting, index) => [setting, ports[index] ?? 0]),
      ) as TestSettings["nexus:publish"],
    };
    const project = new Project(testRun, letter, dir, `t${testRun.id}${letter}`, settings, where);
    mkdirSync(project.regionsDir);
    project.writeSettings();
    return project;
  }

  /** The same project from another process: the files are all there is to it. */
  static attach(testRun: TestRun, letter: string): Project {
    const dir = join(testRun.root, letter, "project");
    const settings = JSON.parse(readFileSync(join(dir, "..", "settings.json"), "utf8")) as TestSettings;
    return new Project(testRun, letter, dir, `t${testRun.id}${letter}`, settings);
  }

  /** How the name of everything begins that a project makes. */
  static prefixOf({ id }: TestRun, letter: string): string {
    return `${NAME_START}${id}${letter}-`;
  }

  get prefix(): string {
    return this.settings["nexus:namePrefix"];
  }

  get dataRoot(): string {
    return this.settings["nexus:dataRoot"];
  }

  get regionsDir(): string {
    return join(this.dir, "regions", this.stack);
  }

  get settingsFile(): string {
    return join(this.dir, `Pulumi.${this.stack}.yaml`);
  }

  /** Base address of the gateway. */
  get url(): string {
    return `http://127.0.0.1:${this.settings["nexus:gateway"].httpPort}`;
  }

  get platform(): Platform {
    return loadPlatform({ projectDir: this.dir, stack: this.stack });
  }

  get env(): Record<string, string> {
    return { ...this.testRun.env, NEXUS_TEST_PROJECT: this.prefix, ...this.more };
  }

  get upCommand(): string[] {
    return ["up", "--stack", this.stack, "--yes", "--json", "--", "--skip-preview"];
  }

  /** Writes the settings file, with changes. */
  writeSettings(changes: Record<string, unknown> = {}): void {
    writeFileSync(this.settingsFile, stringify({ config: { ...this.settings, ...changes } }));
    writeFileSync(join(this.dir, "..", "settings.json"), JSON.stringify(this.settings));
  }

  addRegion(region: RegionFile): void {
    writeFileSync(join(this.regionsDir, `${region.name}.yaml`), stringify(region));
  }

  removeRegion(name: string): void {
    rmSync(join(this.regionsDir, `${name}.yaml`));
  }

  /** Runs a command of our own CLI, without the set-up before it. */
  cli(args: string[], options: Partial<CommandOptions> = {}): Promise<Outcome> {
    return this.startCli(args, options).outcome;
  }

  startCli(args: string[], options: Partial<CommandOptions> = {}): Running {
    // An earlier checkout runs its sources.
    const own = existsSync(join(this.dir, "setup/cli.js"))
      ? ["setup/cli.js"]
      : ["--import", "tsx", "cli/main.ts"];
    return this.start([nodeFor(options.uid), ...own, ...args], options);
  }

  /**
   * Brings the stack up, without a preview before it as that only costs time.
   * @throws Error with everything that was printed
   */
  async up(): Promise<UpOutcome> {
    const outcome = await this.cli(this.upCommand);
    return JSON.parse(succeeded(outcome)) as UpOutcome;
  }

  /** What an `up` would do, resources that stay the same left out. */
  async preview(): Promise<Operation[]> {
    const outcome = await this.cli(["preview", "--stack", this.stack, "--json"]);
    const { steps = [] } = JSON.parse(succeeded(outcome)) as { steps?: { op: string; urn: string }[] };
    return steps
      .filter(({ op }) => op !== "same")
      .map(({ op, urn }) => ({
        op,
        type: urn.split("::")[2]?.split("$").at(-1) ?? "",
        name: urn.split("::")[3] ?? "",
      }));
  }

  async destroy(...more: string[]): Promise<Outcome> {
    const outcome = await this.cli(["destroy", "--stack", this.stack, "--yes", ...more]);
    succeeded(outcome);
    return outcome;
  }

  /** Runs plain `pulumi` on this stack's state. */
  async pulumi(...args: string[]): Promise<Outcome> {
    return this.start(["pulumi", ...args], { env: await this.pulumiEnv() }).outcome;
  }

  /** Starts a program in the project's folder, where the project is brought up. */
  start(line: string[], options: Partial<CommandOptions> = {}): Running {
    const [command = "", ...args] = this.where?.(line) ?? line;
    return start(command, args, { cwd: this.dir, env: this.env, ...options });
  }

  /** Environment in which plain `pulumi` works on this stack's state. */
  async pulumiEnv(): Promise<Record<string, string>> {
    const printed = succeeded(
      await this.cli(["pulumi", "--print-env"], { env: { ...this.env, PULUMI_STACK: this.stack } }),
    );
    const variables = [...printed.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, key, value]) => [key, value]);
    return { ...this.env, ...Object.fromEntries(variables) };
  }

  /** The exported state; secrets in it are encrypted. */
  async state(): Promise<{ text: string; deployment: Deployment }> {
    const outcome = await this.cli(["pulumi", "stack", "export", "--stack", this.stack]);
    const text = succeeded(outcome);
    return { text, ...(JSON.parse(text) as { deployment: Deployment }) };
  }

  hasState(): boolean {
    return existsSync(join(this.dir, ".nexus"));
  }

  /** Removes everything of this project, whatever state it is in. */
  async remove(docker: Docker): Promise<void> {
    const root = join(this.testRun.root, this.letter);
    await removeRemains(docker, { start: this.prefix, root }, this.marker);
  }
}

/** Standard output of a command that must have succeeded. */
export function succeeded({ code, stdout, output }: Outcome): string {
  if (code !== 0) throw new Error(`The command ended with exit code ${code}:\n${output}`);
  return stdout;
}
