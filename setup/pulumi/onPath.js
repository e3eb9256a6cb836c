"use strict";

const { execFile } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { promisify } = require("node:util");
const { readJson, writeWhole } = require("../cache.js");
const { findTool } = require("../machine.js");

/** @typedef {import("../context.js").Context} Context */

/**
 * The `pulumi` on the PATH. Asking it for its version takes longer than everything else here, so the answer is
 * kept for as long as the file is the same.
 * @param {Context} context
 * @returns {Promise<import("./choose.js").OnPath | undefined>}
 */
async function findOnPath({ env, cache, dryRun }) {
  const found = findTool("pulumi", env.PATH ?? "");
  if (!found) return undefined;
  const bin = path.dirname(found);
  const languageHost = findTool("pulumi-language-nodejs", [bin, env.PATH ?? ""].join(path.delimiter));
  const { size, mtimeMs } = fs.statSync(found);
  const memoFile = cache.file("pulumi-on-path.json");
  const memo = /** @type {Record<string, unknown> | undefined} */ (readJson(memoFile));
  if (memo?.found === found && memo.size === size && memo.mtimeMs === mtimeMs) {
    return { bin, version: String(memo.version), languageHost: languageHost !== undefined };
  }
  const version = await askVersion(found, env);
  if (version && !dryRun) {
    cache.prepare();
    writeWhole(memoFile, JSON.stringify({ found, size, mtimeMs, version }));
  }
  return { bin, version, languageHost: languageHost !== undefined };
}

/**
 * @param {string} pulumi
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} "" when it does not answer
 */
async function askVersion(pulumi, env) {
  const options = { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" }, timeout: 20_000 };
  return promisify(execFile)(pulumi, ["version"], options).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
}

module.exports = { findOnPath };
