import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { execIn } from "../../components/exec";
import { docker } from "./containers";
import { NetworkNamespace } from "./namespace";
import { OWN_NAMES, pushOfficial, pushOwn } from "./officialImages";
import { Project } from "./project";
import { LOGIN, Registry } from "./registry";
import type { TestRun } from "./run";
import { SecondEngine } from "./secondEngine";
import { freePorts } from "./space";

/**
 * A production stack on a host of its own: an Engine with its own network, a registry that stands for Docker Hub there,
 * another one that asks for a login, a state folder and a passphrase. Nothing is brought up, nothing is pinned.
 */
export class Production {
  private constructor(
    readonly project: Project,
    readonly namespace: NetworkNamespace,
    readonly engine: SecondEngine,
    /** Stands for Docker Hub; has the official images. */
    readonly hub: Registry,
    /** Asks for a login; has the operator's own images. */
    readonly own: Registry,
    /** The same, on this machine, to push to: both serve one folder. */
    readonly ownHere: Registry,
  ) {}

  /** Why this machine cannot have one; undefined when it can. */
  static missing(run: TestRun): string | undefined {
    return SecondEngine.missing ?? NetworkNamespace.missing ?? Registry.missing(run);
  }

  static async make(run: TestRun, letter: string): Promise<Production> {
    const prefix = Project.prefixOf(run, letter);
    const env = { ...run.env, NEXUS_TEST_PROJECT: prefix };
    const [hubPort, ownPort] = await freePorts(2);
    const hubOptions = { name: `${letter}/hub`, port: hubPort, env };
    const ownOptions = { name: `${letter}/own`, login: true, port: ownPort, env };
    const [hubHere, ownHere] = await Promise.all(
      [hubOptions, ownOptions].map((one) => Registry.start(run, one)),
    );
    if (!hubHere || !ownHere) throw new Error("there are two");
    await Promise.all([pushOfficial(docker, hubHere), pushOwn(docker, ownHere)]);
    await hubHere.stop();

    const namespace = NetworkNamespace.make(`${prefix}net`);
    const [hub, own] = await Promise.all(
      [hubOptions, ownOptions].map((one) => Registry.start(run, { ...one, namespace })),
    );
    if (!hub || !own) throw new Error("there are two");
    const mirror = ["--registry-mirror", `http://${hub.address}`];
    const folder = join(run.root, letter, "engine");
    const engine = new SecondEngine(docker, folder, env, `${prefix}engine`, mirror, namespace);
    await engine.start();

    const project = await Project.make(run, letter, engine.docker, {
      where: (line) => namespace.command(line),
    });
    Object.assign(project.more, { DOCKER_HOST: engine.address, ...secrets(join(run.root, letter)) });
    const password = join(run.root, letter, "registry-password");
    writeFileSync(password, `${LOGIN.password}\n`, { mode: 0o600 });
    Object.assign(project.settings, {
      "nexus:images": "registry",
      "nexus:environment": "production",
      "nexus:registries": { [own.address]: { username: LOGIN.username, passwordFile: password } },
      "nexus:imageOverrides": {
        gameServer: {
          ref: `${own.address}/${OWN_NAMES.gameServer}`,
          health: ["CMD", "/app/healthcheck", "server"],
          workerHealth: ["CMD", "/app/healthcheck", "worker"],
        },
        playerClient: { ref: `${own.address}/${OWN_NAMES.playerClient}` },
        adminUi: { ref: `${own.address}/${OWN_NAMES.adminUi}` },
        disk: { ref: `${own.address}/${OWN_NAMES.disk}` },
      },
    });
    project.writeSettings();
    return new Production(project, namespace, engine, hub, own, ownHere);
  }

  /** Client of the Engine that the stack runs on. */
  get docker(): Docker {
    return this.engine.docker;
  }

  /** What the gateway answers there: JSON. @throws Error when it answers anything but success */
  async ask(path: string, method = "GET"): Promise<unknown> {
    const script = `fetch(process.argv[1], { method: process.argv[2] })
      .then(async (answer) => console.log(answer.ok ? await answer.text() : process.exit(answer.status % 255)))`;
    const line = [process.execPath, "-e", script, `${this.project.url}${path}`, method];
    const { code, stdout, output } = await this.namespace.run(line, this.project.env);
    if (code !== 0) throw new Error(`${method} ${path}: ${code} ${output}`);
    return JSON.parse(stdout);
  }

  /** Runs a program in one of the stack's containers, as root. */
  async exec(container: string, command: string[]): Promise<string> {
    return execIn(this.docker, `${this.project.prefix}${container}`, command, "0:0");
  }

  async remove(): Promise<void> {
    await this.project.remove(docker);
  }
}

/** The state folder and the passphrase that production asks for. */
function secrets(folder: string): Record<string, string> {
  mkdirSync(join(folder, "state"), { recursive: true });
  const passphrase = join(folder, "passphrase");
  writeFileSync(passphrase, "made-up-passphrase\n", { mode: 0o600 });
  return {
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
  };
}
