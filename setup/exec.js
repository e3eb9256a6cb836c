"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { Interrupted, ToolError } = require("./problems.js");

const TAIL_LINES = 20;
const GRACE_MS = 5_000;

/**
 * @typedef {object} RunOptions
 * @property {string} logFile                    its output is appended here
 * @property {AbortSignal} signal                ends the tool and everything that it started
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs]                none by default
 * @property {number} [graceMs]                  how long it may take to end before it is killed (default 5 s)
 * @property {(line: string) => void} [onLine]   each line of output, as it comes
 */

/**
 * Ends a process group: politely, then for good.
 * @param {number} pid  the group's leader
 * @param {number} graceMs
 */
function endGroup(pid, graceMs) {
  const send = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      process.kill(-pid, signal);
    } catch {
      // Already gone.
    }
  };
  send("SIGTERM");
  setTimeout(() => send("SIGKILL"), graceMs).unref();
}

/**
 * Splits a stream of chunks into lines.
 * @param {(line: string) => void} onLine
 */
function lineSplitter(onLine) {
  let rest = "";
  return (/** @type {Buffer} */ chunk) => {
    const lines = (rest + chunk.toString("utf8")).split(/\r?\n|\r/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim()) onLine(line);
  };
}

/**
 * Runs a tool without a terminal and waits for it. Its output goes to a log file.
 * The tool leads a process group of its own, so that ending it ends what it started as well.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<string[]>} the last lines of its output
 * @throws {ToolError} when it cannot be started, fails or takes too long; {Interrupted} after the signal
 */
function run(command, args, options) {
  const { logFile, signal, cwd, env, timeoutMs, graceMs = GRACE_MS, onLine } = options;
  const shown = `${command} ${args.join(" ")}`;
  if (signal.aborted) return Promise.reject(new Interrupted());
  fs.appendFileSync(logFile, `\n[${new Date().toISOString()}] ${shown}\n`);
  return new Promise((resolve, reject) => {
    /** @type {string[]} */
    const tail = [];
    let timedOut = false;
    const log = fs.createWriteStream(logFile, { flags: "a" });
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const end = () => child.pid && endGroup(child.pid, graceMs);
    const timer = timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          end();
        }, timeoutMs)
      : undefined;
    signal.addEventListener("abort", end, { once: true });

    const take = (/** @type {string} */ line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) {
      const split = lineSplitter(take);
      stream.on("end", () => split(Buffer.from("\n")));
      stream.on("data", (/** @type {Buffer} */ chunk) => {
        log.write(chunk);
        split(chunk);
      });
    }
    const settle = (/** @type {Error | undefined} */ error) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      log.end(() => (error ? reject(error) : resolve(tail)));
    };
    child.on("error", (error) => settle(new ToolError(`${shown}: ${error.message}`, { logFile })));
    child.on("close", (code, killedBy) => {
      if (signal.aborted) settle(new Interrupted());
      else if (code === 0) settle(undefined);
      else {
        const how = timedOut
          ? `took longer than ${(timeoutMs ?? 0) / 1000} s`
          : `failed (${killedBy ?? `exit code ${code}`})`;
        settle(new ToolError(`${shown} ${how}:`, { logFile, tail }));
      }
    });
  });
}

module.exports = { run, lineSplitter };
