import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findTool } from "../../setup/machine";
import { type Outcome, run } from "./command";

/** Where `ip netns` keeps them. */
const FOLDER = "/run/netns";
const SEARCH = [process.env.PATH ?? "", "/usr/sbin", "/sbin"].join(":");

/**
 * A network of the test's own: loopback, bridges, rules and ports in it are not this machine's. What runs in it shares
 * everything else with this machine, mounts among them.
 */
export class NetworkNamespace {
  private constructor(readonly name: string) {}

  /** Why this machine cannot have one; undefined when it can. */
  static get missing(): string | undefined {
    if (process.platform !== "linux" || process.getuid?.() !== 0) return "root on Linux";
    const tool = ["ip", "nsenter"].find((program) => findTool(program, SEARCH) === undefined);
    return tool && `the program ${tool}`;
  }

  /** @param name begins with the prefix of a project, or of a run: so it is swept after a kill */
  static make(name: string): NetworkNamespace {
    ip("netns", "add", name);
    ip("-n", name, "link", "set", "lo", "up");
    return new NetworkNamespace(name);
  }

  /** A command line that runs another one in here. Not `ip netns exec`: its mounts would not be seen outside. */
  command(line: string[]): string[] {
    return ["nsenter", `--net=${join(FOLDER, this.name)}`, "--", ...line];
  }

  /** Runs a program in here. */
  run(line: string[], env: Record<string, string>): Promise<Outcome> {
    const [program = "", ...args] = this.command(line);
    return run(program, args, { cwd: "/", env });
  }

  /** Resolves when something listens on a port of 127.0.0.1 in here. @throws Error when nothing does */
  async connect(port: number): Promise<true> {
    const script = `require("net").connect(${port}, "127.0.0.1").on("connect", () => process.exit(0))`;
    const { code, output } = await this.run([process.execPath, "-e", script], {});
    if (code !== 0) throw new Error(`Nothing listens on port ${port} of ${this.name}: ${output}`);
    return true;
  }
}

/** Removes the namespaces whose names begin so. What still runs in one keeps it until it ends. */
export function removeNamespaces(isLeft: (name: string) => boolean): void {
  if (!existsSync(FOLDER)) return;
  for (const name of readdirSync(FOLDER).filter(isLeft)) ip("netns", "delete", name);
}

function ip(...args: string[]): void {
  execFileSync(findTool("ip", SEARCH) ?? "ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}
