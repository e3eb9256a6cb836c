import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { killProcesses, unmountBelow } from "./sweep";
import { eventually } from "./wait";

/** Folders to look for programs in; a user's PATH may lack the system's. */
const PROGRAMS = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin", "/sbin"];

/**
 * A Docker Engine of the test's own, which it may kill. It has no network: nothing of the host's is touched.
 * Its processes, and those of its containers, carry a variable by which they are found.
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
    /** `NAME=value`, one of `env`. */
    readonly marker: string,
  ) {
    mkdirSync(folder, { recursive: true });
    this.docker = new Docker({ socketPath: this.path("socket") });
  }

  async start(): Promise<void> {
    const log = join(this.folder, "log");
    const [name = "", value = ""] = this.marker.split("=");
    this.process = spawn(
      "sh",
      ["-c", `exec "$@" >>${log} 2>&1`, "sh", SecondEngine.program ?? "dockerd", ...this.args],
      { env: { ...this.env, [name]: value }, stdio: "ignore" },
    );
    const ended = new Promise((_, reject) =>
      this.process?.once("exit", () => reject(new Error(`dockerd ended:\n${readFileSync(log, "utf8")}`))),
    );
    ended.catch(() => undefined);
    await Promise.race([
      ended,
      eventually("the second Engine answers", 30_000, async () => {
        await this.docker.ping();
        return true;
      }),
    ]);
  }

  /** What a power failure does: every process is gone at once, then every mount. The disk stays. */
  async powerOff(): Promise<void> {
    killProcesses(this.marker);
    await unmountBelow(this.host, this.folder);
    rmSync(this.path("run"), { recursive: true, force: true });
    rmSync(this.path("pid"), { force: true });
  }

  private get args(): string[] {
    return [
      ...["--data-root", this.path("data"), "--exec-root", this.path("run"), "--pidfile", this.path("pid")],
      ...["--host", `unix://${this.path("socket")}`, "--bridge=none", "--iptables=false"],
      ...["--ip-forward=false", "--ip-masq=false", "--log-level=warn"],
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

/** Files that the loop devices of this machine hold open, below a folder. */
export function loopFiles(folder: string): string[] {
  return readdirSync("/sys/block").flatMap((device) => {
    try {
      const file = readFileSync(`/sys/block/${device}/loop/backing_file`, "utf8").trim();
      return file.startsWith(`${folder}/`) ? [file] : [];
    } catch {
      return [];
    }
  });
}
