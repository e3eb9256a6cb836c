"use strict";
// Finding Go and running it.

const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

/** A failure that its message explains completely: no stack is needed. */
class BuildError extends Error {}

/** Orders versions; a release candidate (1.27rc1) comes after the version without a patch number (1.27). */
const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * @param {string[]} modules what shall be built
 * @returns {string} like 1.26.8
 */
function goVersion(modules) {
  try {
    const env = { ...process.env, GOTOOLCHAIN: "local" };
    // Away from any go.mod: an old Go refuses to say anything beside a newer one.
    const cwd = path.parse(__dirname).root;
    return execFileSync("go", ["env", "GOVERSION"], { env, cwd, encoding: "utf8" }).trim().replace(/^go/, "");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") {
      throw new BuildError(`Go is not on the PATH; install Go ${neededGo(modules)} or newer.`);
    }
    throw new BuildError(`\`go env\` failed: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {string[]} modules what shall be built */
function checkGo(modules) {
  const [have, need] = [goVersion(modules), neededGo(modules)];
  if (compare(have, need) >= 0) return;
  throw new BuildError(`Go ${need} or newer is needed, and ${have} is on the PATH.`);
}

/**
 * The newest Go that one of the modules asks for.
 * @param {string[]} modules
 */
function neededGo(modules) {
  return modules
    .map(
      (module) =>
        /^go (\S+)$/m.exec(fs.readFileSync(path.join(__dirname, module, "go.mod"), "utf8"))?.[1] ?? "1",
    )
    .reduce((a, b) => (compare(a, b) < 0 ? b : a));
}

/**
 * Runs go with its output in a file.
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, logFile: string, signal?: AbortSignal | undefined }} options
 * @returns {Promise<number | string>} the exit code, or the signal that ended it
 */
async function runGo(args, { cwd, env, logFile, signal }) {
  signal?.throwIfAborted();
  const output = fs.openSync(logFile, "w");
  const child = spawn("go", args, { cwd, env, stdio: ["ignore", output, output] });
  fs.closeSync(output);
  // An interrupt, because Go then stops its compilers too.
  const stop = () => child.kill("SIGINT");
  signal?.addEventListener("abort", stop, { once: true });
  try {
    /** @type {number | string} */
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status, name) => resolve(status ?? name ?? "unknown"));
    });
    signal?.throwIfAborted();
    return code;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

module.exports = { BuildError, checkGo, runGo };
