import { spawn, spawnSync } from "node:child_process";
import type { CommandOptions } from "./command";

/** What was seen on a terminal, and how the command ended. */
export interface Screen {
  /** Exit code; -1 when it was killed. */
  code: number;
  text: string;
}

const LIMIT_MS = 600_000;

/** What makes a terminal; util-linux has it. */
const SCRIPT = "script";

/** Why nothing can be run on a terminal here; undefined when it can. */
export const noTerminal: string | undefined =
  spawnSync(SCRIPT, ["--version"]).status === 0 ? undefined : "util-linux' script";

/**
 * Runs our command line on a terminal of its own and types the answer when it sees the question, as a person would:
 * what is typed before could go to somebody else.
 * @param answer what is typed, or what gives it, for a person who does something else first
 */
export function onTerminal(
  args: string[],
  { cwd, env }: Pick<CommandOptions, "cwd" | "env">,
  question: string,
  answer: string | (() => Promise<string>),
): Promise<Screen> {
  const command = [process.execPath, "setup/cli.js", ...args];
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn(SCRIPT, ["--quiet", "--return", "--command", quoted, "/dev/null"], {
    cwd,
    env: { ...env, TERM: "xterm", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  let text = "";
  let asked = false;
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.stdout.on("data", (data: Buffer) => {
      text += data.toString("utf8");
      if (asked || !text.includes(question)) return;
      asked = true;
      const given = typeof answer === "string" ? Promise.resolve(answer) : answer();
      given.then((typed) => child.stdin.write(`${typed}\n`), reject);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, text });
    });
  });
}
