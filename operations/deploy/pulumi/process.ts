import { type ChildProcess, type ExecFileException, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { STOP_SIGNALS } from "../../../components/ready/interrupt";
import { sendToGroup } from "../../../setup/exec";
import { badInput } from "../../failure";
import type { PulumiDisplay } from "../../reporter";

/** Where and with which environment `pulumi` runs. */
export interface PulumiPlace {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** One key press reaches us from the terminal, from npm and from setup/run.js: within this time it counts once. */
const SAME_PRESS_MS = 1000;

/** How long pulumi may take to end after the second signal before it is killed. */
const END_MS = 5000;

/** Runs pulumi, shows what it prints as it comes, and returns its exit code. */
export function runPulumi(
  place: PulumiPlace,
  args: string[],
  { stdio }: Pick<PulumiDisplay, "stdio">,
): Promise<number> {
  const child = spawn("pulumi", args, {
    ...place,
    stdio,
    // Its own process group: a key press would otherwise reach pulumi several times, and the second one kills it.
    detached: true,
  });
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(startError(error, error.code)));
    child.on("close", (code) => resolve(code ?? 1));
  }).finally(stopForwarding) as Promise<number>;
}

/** Each is passed on as SIGINT, which pulumi answers by finishing its running steps. */
function forwardSignals(child: ChildProcess): () => void {
  let first = 0;
  const onSignal = (): void => {
    const now = Date.now();
    if (first !== 0 && now - first < SAME_PRESS_MS) return;
    if (first !== 0) {
      setTimeout(() => sendToGroup(child.pid, "SIGKILL"), END_MS).unref();
    }
    first = first || now;
    child.kill("SIGINT");
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
  };
}

export interface Captured {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs pulumi without a terminal and keeps what it prints. */
export async function capturePulumi(place: PulumiPlace, args: string[], input = ""): Promise<Captured> {
  const without = ["--non-interactive", "--color", "never"];
  const options = { ...place, maxBuffer: Number.POSITIVE_INFINITY };
  const running = promisify(execFile)("pulumi", [...args, ...without], options);
  // A command that does not read its input may close it first; its exit code tells what happened.
  running.child.stdin?.on("error", () => undefined).end(input);
  return running.then(
    (output) => ({ code: 0, ...output }),
    (error: ExecFileException) => {
      const { code, stdout = "", stderr = "" } = error;
      if (typeof code === "string") throw startError(error, code);
      return { code: code ?? 1, stdout, stderr };
    },
  );
}

function startError(error: Error, code: string | undefined): Error {
  if (code === "EACCES") {
    return badInput(
      "The command `pulumi` on the PATH may not be run by this user. Run this as the user who set it up, or install " +
        "Pulumi where both may use it.",
    );
  }
  if (code !== "ENOENT") return error;
  return badInput(
    "The command `pulumi` was not found on the PATH. Run this through npm (`npm start`, `npm run up`), which finds " +
      "or installs it, or install it from https://www.pulumi.com/docs/install/.",
  );
}
