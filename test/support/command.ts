import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { commandLines, killProcesses } from "./processes";

export interface Outcome {
  /** Exit code; -1 when it was killed. */
  code: number;
  stdout: string;
  stderr: string;
  /** Both, as they came. */
  output: string;
  seconds: number;
}

export interface CommandOptions {
  cwd: string;
  env: Record<string, string>;
  /** After this the command and all that it started are killed, and the promise is rejected. */
  limitMs?: number;
  /** Run as this user and group. */
  uid?: number;
}

/** A command that runs. */
export interface Running {
  outcome: Promise<Outcome>;
  /** What a person's Ctrl-C does, or a service manager's stop. */
  interrupt(signal?: NodeJS.Signals): void;
  /** The command lines of it and of everything that it started, as far as they run. */
  lines(): string[];
  /** Kills it and everything that it started, at once. */
  kill(): number;
}

const CALL_VARIABLE = "NEXUS_TEST_CALL";
const LIMIT_MS = 600_000;
const PIPES_MS = 3000;

/** This Node, for another user by a path that everybody may follow: the set-up's own may be in root's home. */
export function nodeFor(uid?: number): string {
  return uid === undefined ? process.execPath : "/proc/self/exe";
}

/** Starts a command without a terminal. */
export function start(
  command: string,
  args: string[],
  { cwd, env, limitMs = LIMIT_MS, uid }: CommandOptions,
): Running {
  const call = randomUUID();
  const begun = Date.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...env, [CALL_VARIABLE]: call },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  const kill = (): number => killProcesses(`${CALL_VARIABLE}=${call}`);
  const text = collect(child);
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      const words = [command, ...args].join(" ");
      reject(new Error(`\`${words}\` did not end within ${limitMs / 1000} s. It printed:\n${text().output}`));
    }, limitMs);
    child.on("error", reject);
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, ...text(), seconds: (Date.now() - begun) / 1000 });
    };
    child.on("close", settle);
    // A process that outlives the command may hold the pipes open.
    child.on("exit", (code) => setTimeout(() => settle(code), PIPES_MS).unref());
  });
  const lines = () => commandLines(`${CALL_VARIABLE}=${call}`);
  return { outcome, interrupt: (signal = "SIGINT") => child.kill(signal), lines, kill };
}

/** Runs a command to its end. */
export function run(command: string, args: string[], options: CommandOptions): Promise<Outcome> {
  return start(command, args, options).outcome;
}

function collect({ stdout, stderr }: ChildProcess): () => Pick<Outcome, "stdout" | "stderr" | "output"> {
  const chunks: { from: "stdout" | "stderr"; data: Buffer }[] = [];
  stdout?.on("data", (data: Buffer) => chunks.push({ from: "stdout", data }));
  stderr?.on("data", (data: Buffer) => chunks.push({ from: "stderr", data }));
  const text = (some: typeof chunks): string => Buffer.concat(some.map(({ data }) => data)).toString("utf8");
  return () => ({
    stdout: text(chunks.filter(({ from }) => from === "stdout")),
    stderr: text(chunks.filter(({ from }) => from === "stderr")),
    output: text(chunks),
  });
}
