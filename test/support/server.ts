import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestRun } from "./run";
import { eventually } from "./wait";

/**
 * Why a server that `toolchain/` builds cannot be started; undefined when it can. `npm test` builds it where Go is.
 * @param name of the binary
 */
export function missingServer({ servers }: TestRun, name: "registry" | "versitygw"): string | undefined {
  return servers !== undefined && existsSync(join(servers, name))
    ? undefined
    : `${name}, which \`npm test\` builds where Go is`;
}

export interface ServerOptions {
  /** Holds the variable of the run, or of a project, by which a killed test is swept. */
  env: Record<string, string>;
  /** Where its output goes, from the start of this process on. */
  log: string;
  /** Throws, or resolves to undefined, until it answers. */
  ready: () => Promise<unknown>;
}

/** A program of the test's own that answers requests. */
export class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
  ) {}

  /** @throws Error with its output when it ends before it is ready */
  static async start([command = "", ...args]: string[], { env, log, ready }: ServerOptions): Promise<Server> {
    const output = openSync(log, "w");
    const child = spawn(command, args, { env, stdio: ["ignore", output, output] });
    closeSync(output);
    const ended = new Promise((resolve) => child.once("exit", resolve).once("error", resolve));
    const failed = ended.then(() => {
      throw new Error(`${command} ended:\n${readFileSync(log, "utf8")}`);
    });
    failed.catch(() => undefined);
    await Promise.race([failed, eventually(`${command} answers`, ready)]);
    return new Server(child, ended);
  }

  /** Ends it at once, as a crash does, and waits until it is gone. */
  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}
