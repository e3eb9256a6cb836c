import type { Reporter } from "../operations/reporter";

/** How often it is told how long work goes: a line that changes on a terminal, plain lines in a log. */
const DRAW_EVERY_MS = 200;
const LOG_EVERY_MS = 10_000;

/**
 * Words for the person go to stderr, so that stdout stays free for what a program reads (`--json`, a table, an
 * address to open).
 */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One machine-readable document on stdout. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Is there somebody to ask? */
export function hasTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/**
 * Tells the person who typed the command.
 * @param stdout `stderr`: pulumi's words go there as well, for commands whose stdout is for programs
 */
export function terminalReporter(stdout: "inherit" | "stderr" = "inherit"): Reporter {
  const terminal = process.stderr.isTTY === true;
  let drawn = "";
  let last = Date.now();
  const clear = (): void => {
    if (terminal && drawn !== "") process.stderr.write("\r\u001b[K");
    drawn = "";
  };
  return {
    say(text) {
      clear();
      say(text);
    },
    progress(text) {
      if (text !== "" && Date.now() - last < (terminal ? DRAW_EVERY_MS : LOG_EVERY_MS)) return;
      last = Date.now();
      if (text === "") return clear();
      if (terminal) process.stderr.write(`\r\u001b[K${text}`);
      else if (text !== drawn) say(text);
      drawn = text;
    },
    pulumi: {
      stdio: ["inherit", stdout === "stderr" ? 2 : "inherit", "inherit"],
      live: hasTerminal() && stdout === "inherit",
    },
  };
}
