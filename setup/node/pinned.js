"use strict";
// The Node that the set-up brings where the machine's own is too old, and that local images carry. package.json and
// package-lock.json beside this file say which: the npm packages that carry the official binaries, by integrity hash.

const { execFile } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { promisify } = require("node:util");
const { makeWhole, readJson } = require("../cache.js");
const { run } = require("../exec.js");
const { withLock } = require("../lock.js");
const { npmEnv } = require("../npmEnv.js");
const { SetupProblem } = require("../problems.js");

/** @typedef {import("../cache.js").Cache} Cache */

/** The oldest Node that runs the project; package.json's "engines" says the same. */
const OLDEST = "22.12";

/** @param {string} version  as in process.versions.node */
function isSupported(version) {
  return version.localeCompare(OLDEST, "en", { numeric: true }) >= 0;
}

const NAME = `node-${process.platform}-${process.arch}`;
const LOCK = /** @type {{packages?: Record<string, {version: string, integrity: string}>} | undefined} */ (
  readJson(path.join(__dirname, "package-lock.json"))
);
/** The npm package with the pinned Node for this kind of machine; undefined where there is none. */
const PINNED = LOCK?.packages?.[`node_modules/${NAME}`];

/**
 * What the pinned Node is, and where it belongs.
 * @param {Cache} cache
 * @returns {{name: string, version: string, integrity: string, folder: string, file: string}}
 * @throws {SetupProblem} where there is none for this kind of machine
 */
function pinnedNode(cache) {
  if (!PINNED) {
    throw new SetupProblem(
      `setup/node has no Node for ${process.platform} on ${process.arch}: install Node ${OLDEST} or newer.`,
    );
  }
  const { version, integrity } = PINNED;
  const folder = cache.file(`node-${version}`);
  return { name: NAME, version, integrity, folder, file: path.join(folder, "bin", "node") };
}

/** @param {Cache} cache */
function isBrought(cache) {
  return PINNED !== undefined && fs.existsSync(pinnedNode(cache).file);
}

/**
 * Installs the pinned Node into the cache. The caller holds the lock `node` of the cache.
 * @param {{cache: Cache, env: NodeJS.ProcessEnv, signal: AbortSignal}} given
 */
async function installPinnedNode({ cache, env, signal }) {
  const { name, version, integrity, folder } = pinnedNode(cache);
  await makeWhole(folder, async (staging) => {
    const project = path.join(staging, "project");
    fs.mkdirSync(project);
    // A project with this machine's package alone, and not as an optional one: npm passes over an optional package
    // whose hash is not the lock file's, and refuses any other.
    const dependencies = { [name]: version };
    const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
    fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ dependencies }));
    const lock = JSON.stringify({ lockfileVersion: 3, requires: true, packages });
    fs.writeFileSync(path.join(project, "package-lock.json"), lock);
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
    const options = { cwd: project, env: npmEnv(env), logFile: cache.logFile("node"), signal };
    await run("npm", args, { ...options, graceMs: 500 });
    const installed = path.join(project, "node_modules", name);
    fs.mkdirSync(path.join(staging, "bin"));
    fs.renameSync(path.join(installed, "bin", "node"), path.join(staging, "bin", "node"));
    fs.renameSync(path.join(installed, "LICENSE"), path.join(staging, "LICENSE"));
    fs.rmSync(project, { recursive: true });
    await checkRuns(path.join(staging, "bin", "node"), version);
  });
}

/**
 * A system with another C library, or a very old one, does not run the official binaries.
 * @param {string} file
 * @param {string} version
 */
async function checkRuns(file, version) {
  const says = await promisify(execFile)(file, ["--version"]).then(
    ({ stdout }) => stdout.trim(),
    (error) => error.message,
  );
  if (says !== `v${version}`) {
    throw new SetupProblem(
      `The official Node ${version} does not run on this machine (${says}): install Node ${OLDEST} or newer.`,
    );
  }
}

/**
 * The pinned Node, installed into the cache if it is not there.
 * @param {{cache: Cache, env: NodeJS.ProcessEnv, signal: AbortSignal}} given
 * @returns {Promise<string>} its path
 */
async function ensurePinnedNode(given) {
  const { cache, signal } = given;
  const { file } = pinnedNode(cache);
  if (!isBrought(cache)) {
    cache.prepare();
    await withLock(cache.lockFile("node"), { signal }, async () => {
      if (!isBrought(cache)) await installPinnedNode(given);
    });
  }
  return file;
}

module.exports = {
  OLDEST,
  ensurePinnedNode,
  installPinnedNode,
  isBrought,
  isSupported,
  pinnedNode,
  PINNED,
};
