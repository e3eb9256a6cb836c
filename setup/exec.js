"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { createInterface } = require("node:readline");
const { Interrupted, ToolError } = require("./problems.js");

const TAIL_LINES = 20;
const GRACE_MS = 5_000;

/**
 * @typedef {object} RunOptions
 * @property {string} logFile                    its output is appended here
 * @property {AbortSignal} signal                ends the tool and everything that it started
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [graceMs]                  how long it may take to end before it is killed (default 5 s)
 * @property {(line: string) => void} [onLine]   each line of output, as it comes
 */

/**
 * Sends a signal to a tool that leads a process group of its own, and to all that it started.
 * @param {number | undefined} pid  of the tool; undefined: it was never there
 * @param {NodeJS.Signals} signal
 */
function sendToGroup(pid, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/**
 * Runs a tool without a terminal and waits for it. Its output goes to a log file.
 * The tool leads a process group of its own, so that ending it ends what it started as well.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<string[]>} the lines of its output
 * @throws {ToolError} when it cannot be started, or fails; {Interrupted} after the signal
 */
function run(command, args, options) {
  const { logFile, signal, cwd, env, graceMs = GRACE_MS, onLine } = options;
  const shown = `${command} ${args.join(" ")}`;
  if (signal.aborted) return Promise.reject(new Interrupted());
  fs.appendFileSync(logFile, `\n[${new Date().toISOString()}] ${shown}\n`);
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const lines = [];
    const log = fs.createWriteStream(logFile, { flags: "a" });
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const end = () => {
      sendToGroup(child.pid, "SIGTERM");
      setTimeout(() => sendToGroup(child.pid, "SIGKILL"), graceMs).unref();
    };
    signal.addEventListener("abort", end, { once: true });

    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (/** @type {Buffer} */ chunk) => log.write(chunk));
      createInterface({ input: stream }).on("line", (line) => {
        if (!line.trim()) return;
        lines.push(line);
        onLine?.(line);
      });
    }
    const settle = (/** @type {Error | undefined} */ error) => {
      signal.removeEventListener("abort", end);
      log.end(() => (error ? reject(error) : resolve(lines)));
    };
    child.on("error", (error) => settle(new ToolError(`${shown}: ${error.message}`, { logFile })));
    child.on("close", (code, killedBy) => {
      if (signal.aborted) settle(new Interrupted());
      else if (code === 0) settle(undefined);
      else
        settle(
          new ToolError(`${shown} failed (${killedBy ?? `exit code ${code}`}):`, {
            logFile,
            tail: lines.slice(-TAIL_LINES),
          }),
        );
    });
  });
}

module.exports = { run, sendToGroup };
