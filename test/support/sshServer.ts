import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { eventually } from "./wait";

const PROGRAM = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].find((path) => existsSync(path));

/**
 * A real ssh server on loopback, with keys and configuration of its own, in front of whatever this machine has: its
 * sessions are this user's.
 */
export class SshServer {
  private process: ChildProcess | undefined;

  /** Why this machine cannot run one; undefined when it can. */
  static get missing(): string | undefined {
    return PROGRAM ? undefined : "the program sshd";
  }

  constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly env: Record<string, string>,
  ) {
    mkdirSync(folder, { recursive: true });
    for (const name of ["host", "other-host", "user", "stranger"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.path(name)]);
    }
    writeFileSync(this.path("authorized"), this.publicKey("user"), { mode: 0o600 });
    writeFileSync(this.path("known"), this.knownLine("host"));
    writeFileSync(this.path("known-other"), this.knownLine("other-host"));
    writeFileSync(this.path("known-none"), "");
    const config = {
      ...{ Port: port, ListenAddress: "127.0.0.1", HostKey: this.path("host"), PidFile: "none" },
      ...{ AuthorizedKeysFile: this.path("authorized"), StrictModes: "no", UsePAM: "no" },
      // The usual server drops some of those that log in beside ten others; this one drops them all.
      ...{ MaxStartups: "10:100:10" },
      ...{ PasswordAuthentication: "no", KbdInteractiveAuthentication: "no" },
    };
    const lines = Object.entries(config).map(([key, value]) => `${key} ${value}\n`);
    writeFileSync(this.path("config"), lines.join(""));
  }

  get address(): string {
    return `ssh://${userInfo().username}@127.0.0.1:${this.port}`;
  }

  /** One of its files: `known`, `known-other` (another host's key), `known-none`; `user` and `stranger` are keys. */
  path(name: string): string {
    return join(this.folder, name);
  }

  async start(): Promise<void> {
    // Its program asks for this folder when root starts it, and a package's own start script makes it.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    this.process = spawn(PROGRAM ?? "sshd", ["-D", "-f", this.path("config"), "-E", this.path("log")], {
      env: this.env,
      stdio: "ignore",
    });
    await eventually("the ssh server listens", () => answers(this.port));
  }

  /** The server and all its sessions end at once: to its clients, the host is gone. */
  async stop(): Promise<void> {
    const { process: server } = this;
    if (!server?.pid || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once("exit", resolve));
    for (const pid of [server.pid, ...descendants(server.pid)]) kill(pid);
    await ended;
  }

  private publicKey(name: string): string {
    return readFileSync(this.path(`${name}.pub`), "utf8");
  }

  private knownLine(name: string): string {
    return `[127.0.0.1]:${this.port} ${this.publicKey(name)}`;
  }
}

/** An agent on a socket of its own, with these keys. */
export class SshAgent {
  private readonly process: ChildProcess;

  constructor(
    readonly socket: string,
    private readonly env: Record<string, string>,
  ) {
    this.process = spawn("ssh-agent", ["-D", "-a", socket], { env, stdio: "ignore" });
  }

  async add(...keys: string[]): Promise<void> {
    await eventually("the agent listens", () => existsSync(this.socket) || undefined);
    const env = { ...this.env, SSH_AUTH_SOCK: this.socket };
    for (const key of keys) execFileSync("ssh-add", ["-q", key], { env, stdio: "ignore" });
  }

  stop(): void {
    this.process.kill();
  }
}

function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const settle = (up?: true): void => {
      socket.destroy();
      resolve(up);
    };
    // It speaks first.
    socket.once("data", () => settle(true));
    socket.once("error", () => settle());
    socket.once("close", () => settle());
  });
}

function descendants(pid: number): number[] {
  const parents = readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const [, parent = ""] = /\) \w (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
      return [[Number(entry), Number(parent)] as const];
    } catch {
      return [];
    }
  });
  const below = (one: number): number[] =>
    parents.filter(([, parent]) => parent === one).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
