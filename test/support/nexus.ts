import { spawn, spawnSync } from "node:child_process";
import { nodeFor } from "./command";
import { REPOSITORY } from "./toolchain";

const COMMAND = ["setup/cli.js"];

interface NexusOptions {
  /** Home of the user. @default a folder that is not there, so that nothing can be written to it */
  home?: string;
  /** Run as this user and group. */
  uid?: number;
}

/**
 * Runs the command line as setup/run.js does, to its end: without a terminal, without pulumi or docker on the PATH, and
 * without a Docker host.
 */
export function nexus(args: string[], { home, uid }: NexusOptions = {}) {
  const { status, stdout, stderr } = spawnSync(nodeFor(uid), [...COMMAND, ...args], {
    ...{ cwd: REPOSITORY, encoding: "utf8", input: "", env: environment(home) },
    ...(uid !== undefined && { uid, gid: uid }),
  });
  return { code: status, stdout, stderr };
}

/** The same, beside others. */
export function startNexus(args: string[]): Promise<{ code: number | null; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [...COMMAND, ...args], {
      ...{ cwd: REPOSITORY, env: environment(), stdio: ["ignore", "ignore", "pipe"] },
    });
    let stderr = "";
    child.stderr?.on("data", (data: Buffer) => {
      stderr += data;
    });
    child.on("close", (code) => done({ code, stderr }));
  });
}

function environment(home = "/nonexistent"): Record<string, string> {
  return { PATH: "", HOME: home, DOCKER_HOST: "unix:///nonexistent.sock" };
}
