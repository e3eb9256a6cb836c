/** Runs a program to its end, without a shell. */
import { spawn } from "node:child_process";
import { ImageBuildError } from "./errors";

export interface RunOptions {
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
  /** What a failure is reported of; default: the program. */
  name?: string;
}

/**
 * Runs a program and returns what it printed.
 *
 * @throws ImageBuildError with the last lines of its output when it fails or is not installed
 */
export function run(
  program: string,
  args: string[],
  { signal, env, name = program }: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its own process group, so that an interrupt at the terminal reaches it through `signal` only, in order.
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let out = "";
    let all = "";
    child.stdout.on("data", (data) => {
      out += data;
      all = (all + data).slice(-4000);
    });
    child.stderr.on("data", (data) => {
      all = (all + data).slice(-4000);
    });
    const stop = (): void => {
      if (child.pid) process.kill(-child.pid, "SIGTERM");
    };
    signal?.addEventListener("abort", stop, { once: true });
    child.on("error", (error) => {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      reject(missing ? new ImageBuildError(`"${program}" is not installed`) : error);
    });
    child.on("close", (code) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(new ImageBuildError("interrupted"));
      else if (code === 0) resolve(out);
      else reject(new ImageBuildError(`${name} failed (exit code ${code}):\n${lastLines(all, 15)}`));
    });
  });
}

/** The last lines of a longer text. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
