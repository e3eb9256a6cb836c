"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { duration } = require("./ui.js");

/** @typedef {import("./context.js").Context} Context */
/** @typedef {{name: string, command: string, args: string[], failsOnOutput?: boolean}} Check */

/**
 * @param {string} root
 * @param {string | undefined} gofmt  path, when Go is installed
 * @returns {Check[]}
 */
function checksOf(root, gofmt) {
  const bin = (/** @type {string[]} */ ...parts) => path.join(root, "node_modules", ...parts);
  const checks = [
    { name: "types", command: process.execPath, args: [bin("typescript", "bin", "tsc"), "--noEmit"] },
    {
      name: "lint and format",
      command: process.execPath,
      args: [bin("@biomejs", "biome", "bin", "biome"), "ci", "--colors=off", "."],
    },
  ];
  // `go vet` would have to download and compile everything that the toolchain is made of; its build compiles our code.
  const go = gofmt && fs.existsSync(path.join(root, "toolchain"));
  return go
    ? [...checks, { name: "gofmt", command: gofmt, args: ["-l", "toolchain"], failsOnOutput: true }]
    : checks;
}

/**
 * @param {Check} check
 * @param {Context} context
 * @returns {Promise<{ok: boolean, output: string, ms: number}>}
 */
function runCheck({ command, args, failsOnOutput }, { root, env, signal }) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, signal, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (/** @type {Buffer} */ chunk) => {
        output += chunk.toString("utf8");
      });
    }
    const settle = (/** @type {boolean} */ ok) => resolve({ ok, output, ms: Date.now() - startedAt });
    child.on("error", (error) => {
      output += `${error.message}\n`;
      settle(false);
    });
    child.on("close", (code) => settle(code === 0 && !(failsOnOutput && output.trim())));
  });
}

/**
 * Runs every check, side by side, and prints what the failing ones say.
 * @param {Context} context
 * @returns {Promise<number>} exit code
 */
async function check(context) {
  const checks = checksOf(context.root, context.machine.which("gofmt"));
  const results = await Promise.all(
    checks.map(async (one) => {
      const { ok, output, ms } = await runCheck(one, context);
      process.stdout.write(`${ok ? "✓" : "✗"} ${one.name} (${duration(ms)})\n${ok ? "" : output}`);
      return ok;
    }),
  );
  return results.every(Boolean) ? 0 : 1;
}

module.exports = { check, checksOf };
