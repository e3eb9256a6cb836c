"use strict";
// Is the Go that is needed there?

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { SetupProblem } = require("../setup/problems.js");

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
      throw new SetupProblem(`Go is not on the PATH; install Go ${neededGo(modules)} or newer.`);
    }
    throw new SetupProblem(`\`go env\` failed: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {string[]} modules what shall be built */
function checkGo(modules) {
  const [have, need] = [goVersion(modules), neededGo(modules)];
  if (compareVersions(have, need) >= 0) return;
  throw new SetupProblem(`Go ${need} or newer is needed, and ${have} is on the PATH.`);
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
    .reduce((a, b) => (compareVersions(a, b) < 0 ? b : a));
}

/**
 * @param {string} a
 * @param {string} b
 */
function compareVersions(a, b) {
  // A release candidate (1.27rc1) counts as the version it belongs to.
  const parse = (/** @type {string} */ v) => v.split(".").map((part) => Number.parseInt(part, 10) || 0);
  const [x, y] = [parse(a), parse(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

module.exports = { checkGo };
