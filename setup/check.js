"use strict";

const { execFile } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { promisify } = require("node:util");
const { duration } = require("./ui.js");

/** @typedef {import("./context.js").Context} Context */
/** What a check of the whole repository may print, in bytes. */
const MOST_OUTPUT = 64 * 2 ** 20;

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
 * Runs a check, and prints what it says when it fails.
 * @param {Check} check
 * @param {Context} context
 * @returns {Promise<boolean>} is all well?
 */
async function passes({ name, command, args, failsOnOutput }, { root, env, signal }) {
  const startedAt = Date.now();
  const options = { cwd: root, env, signal, maxBuffer: MOST_OUTPUT };
  const said = await promisify(execFile)(command, args, options).then(
    ({ stdout }) => (failsOnOutput ? stdout.trim() : ""),
    ({ stdout = "", stderr = "", message }) => stdout + stderr || message,
  );
  const time = duration(Date.now() - startedAt);
  process.stdout.write(said ? `✗ ${name} (${time})\n${said.trimEnd()}\n` : `✓ ${name} (${time})\n`);
  return !said;
}

/**
 * Runs every check, side by side.
 * @param {Context} context
 * @returns {Promise<number>} exit code
 */
async function check(context) {
  const checks = checksOf(context.root, context.machine.which("gofmt"));
  const results = await Promise.all(checks.map((one) => passes(one, context)));
  return results.every(Boolean) ? 0 : 1;
}

module.exports = { check };
