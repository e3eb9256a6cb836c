import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { engine } from "../../components/engine";
import type { NetworkNamespace } from "./namespace";
import { killProcesses } from "./processes";
import { unmountBelow } from "./sweep";
import { eventually } from "./wait";

/** Folders to look for programs in; a user's PATH may lack the system's. */
const PROGRAMS = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin", "/sbin"];

const VARIABLE = "NEXUS_TEST_ENGINE";

/**
 * A Docker Engine of the test's own, which it may kill. Nothing of this machine's network is touched: it has none, or
 * one of the test's own. Its processes carry a variable by which they are found, those of its containers are in control
 * groups of its name.
 */
export class SecondEngine {
  readonly docker: Docker;
  private process: ChildProcess | undefined;

  /** Why this machine cannot run one; undefined when it can. */
  static get missing(): string | undefined {
    if (process.platform !== "linux" || process.getuid?.() !== 0) return "root on Linux";
    return SecondEngine.program ? undefined : "the program dockerd";
  }

  private static get program(): string | undefined {
    return PROGRAMS.map((folder) => join(folder, "dockerd")).find((path) => existsSync(path));
  }

  constructor(
    private readonly host: Docker,
    private readonly folder: string,
    private readonly env: Record<string, string>,
    /** What its control groups are called; begins with the project's prefix, by which a killed test is swept. */
    private readonly name: string,
    /** Further arguments of `dockerd`. */
    private readonly more: readonly string[] = [],
    /**
     * Where it has bridges, ports and rules as on any host; `host`: it reaches this machine's loopback and makes no rule.
     * Default: it has no network at all.
     */
    private readonly network?: NetworkNamespace | "host",
  ) {
    mkdirSync(folder, { recursive: true });
    this.docker = engine(this.address);
  }

  /** As `DOCKER_HOST` names it. */
  get address(): string {
    return `unix://${this.path("socket")}`;
  }

  async start(): Promise<void> {
    const log = join(this.folder, "log");
    const line = [
      "sh",
      "-c",
      `exec "$@" >>${log} 2>&1`,
      "sh",
      SecondEngine.program ?? "dockerd",
      ...this.args,
    ];
    const [command = "", ...args] = this.inNetwork(line);
    this.process = spawn(command, args, { env: { ...this.env, [VARIABLE]: this.name }, stdio: "ignore" });
    const ended = new Promise((_, reject) =>
      this.process?.once("exit", () => reject(new Error(`dockerd ended:\n${readFileSync(log, "utf8")}`))),
    );
    ended.catch(() => undefined);
    await Promise.race([
      ended,
      eventually("the second Engine answers", async () => {
        await this.docker.ping();
        return true;
      }),
    ]);
  }

  /** What a power failure does: every process is gone at once, then every mount. The disk stays. */
  async powerOff(): Promise<void> {
    killProcesses(`${VARIABLE}=${this.name}`);
    await unmountBelow(this.host, this.folder);
    rmSync(this.path("run"), { recursive: true, force: true });
    rmSync(this.path("pid"), { force: true });
  }

  private inNetwork(line: string[]): string[] {
    if (this.network === "host") return line;
    // A dockerd that shall have no bridge removes `docker0`, which would be that of the machine's own Engine.
    return this.network?.command(line) ?? ["unshare", "--net", "--", ...line, "--bridge=none"];
  }

  private get args(): string[] {
    return [
      ...["--data-root", this.path("data"), "--exec-root", this.path("run"), "--pidfile", this.path("pid")],
      ...["--host", this.address, "--log-level=warn", `--cgroup-parent=/${this.name}`],
      ...(typeof this.network === "object"
        ? []
        : ["--iptables=false", "--ip-forward=false", "--ip-masq=false"]),
      ...this.more,
    ];
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

/** Copies an image from one Engine to another. */
export async function copyImage(from: Docker, to: Docker, ref: string): Promise<void> {
  const loaded = await to.loadImage(await from.getImage(ref).get());
  await new Promise((resolve, reject) => loaded.on("end", resolve).on("error", reject).resume());
}

/** Names of the loop devices that are mounted below a folder. */
export function loopsBelow(folder: string): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => {
      const [source = "", point = ""] = line.split(" ");
      return point.startsWith(`${folder}/`) && source.startsWith("/dev/loop") ? [source.slice(5)] : [];
    });
}

/** Does a loop device hold a file? One that is unmounted and still in use by a process does. */
export function isBusy(loop: string): boolean {
  return existsSync(`/sys/block/${loop}/loop/backing_file`);
}
