import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { onStop, toItsEnd } from "../../../components/interrupt";
import { sendToGroup } from "../../../setup/exec";
import { badInput, failed } from "../../failure";
import type { PulumiDisplay } from "../../reporter";

/** Where and with which environment `pulumi` runs. */
export interface PulumiPlace {
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** How long pulumi may take to end after the second signal before it is killed. */
const END_MS = 5000;

/**
 * Runs pulumi, shows what it prints as it comes, and returns its exit code.
 * @throws Failure when somebody stopped it, and it had done everything before it was told
 */
export async function runPulumi(
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
  let presses = 0;
  const leave = onStop(() => {
    presses += 1;
    if (presses > 1) setTimeout(() => sendToGroup(child.pid, "SIGKILL"), END_MS).unref();
    interrupt(child);
  });
  const code = await exitOf(child).finally(leave);
  if (code === 0 && presses > 0) {
    throw failed(
      "Stopped. Pulumi had just done its part, and what comes after it was not begun; the same command goes on.",
    );
  }
  return code;
}

/** Pulumi answers the first one by finishing its running steps, whichever signal we were sent. */
function interrupt(child: ChildProcess): void {
  child.kill("SIGINT");
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => reject(startError(error, error.code)));
    child.on("close", (code) => resolve(code ?? 1));
  });
}

export interface Captured {
  code: number;
  stdout: string;
  stderr: string;
}

/** They may take long, and end well when they are interrupted. */
const LONG = ["preview", "refresh"];

/** Runs pulumi without a terminal and keeps what it prints. */
export async function capturePulumi(place: PulumiPlace, args: string[], input = ""): Promise<Captured> {
  const line = [...args, "--non-interactive", "--color", "never"];
  // Nobody's key press reaches it by itself: cut short, some commands would leave the lock of the state.
  const child = spawn("pulumi", line, { ...place, stdio: "pipe", detached: true });
  // A command that does not read its input may close it first; its exit code tells what happened.
  child.stdin.on("error", () => undefined).end(input);
  const hurry = () => {
    if (LONG.includes(args[0] ?? "")) interrupt(child);
  };
  return toItsEnd(async () => {
    // Of one that cannot be started there is nothing to read.
    const said = [child.stdout, child.stderr].map((stream) => text(stream).catch(() => ""));
    const code = await exitOf(child);
    const [stdout = "", stderr = ""] = await Promise.all(said);
    return { code, stdout, stderr };
  }, hurry);
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
