"use strict";

const crypto = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { SetupProblem } = require("./problems.js");

/**
 * Where things are kept that outlive a checkout and that several checkouts share.
 * @typedef {object} Cache
 * @property {string} root
 * @property {(...parts: string[]) => string} file       a path in the cache
 * @property {(step: string) => string} logFile          where a step's tools write
 * @property {(name: string) => string} lockFile
 * @property {() => void} prepare                        makes the folders; throws SetupProblem when it cannot
 */

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home  the user's home folder
 * @returns {string} the cache folder: $NEXUS_CACHE, else a folder of our own in the user's cache
 */
function cacheRoot(env, home) {
  if (env.NEXUS_CACHE) return path.resolve(env.NEXUS_CACHE);
  // The XDG rule: a relative value is invalid and has to be ignored.
  const xdg = env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : undefined;
  return path.join(xdg ?? path.join(home, ".cache"), "sectorwars-nexus");
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Cache}
 */
function openCache(env) {
  const root = cacheRoot(env, env.HOME || os.homedir());
  const file = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);
  return {
    root,
    file,
    logFile: (step) => file("logs", `${step}.log`),
    lockFile: (name) => file("locks", `${name}.lock`),
    prepare() {
      try {
        for (const folder of ["logs", "locks"]) makeFolder(file(folder));
        fs.accessSync(file("locks"), fs.constants.W_OK);
        fs.accessSync(file("logs"), fs.constants.W_OK);
      } catch (error) {
        const code = /** @type {NodeJS.ErrnoException} */ (error).code;
        throw new SetupProblem(
          `The cache folder ${root} cannot be written (${code}): set NEXUS_CACHE to a folder that you may write.`,
        );
      }
    },
  };
}

/**
 * Not mkdir's own `recursive`: Node's never returns where the system says "no such file", as below /proc.
 * @param {string} folder
 */
function makeFolder(folder) {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another set-up may have been quicker.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
}

/**
 * A short hash to name things by what they were made from.
 * @param {...(string | Buffer)} parts
 */
function hashOf(...parts) {
  const hash = crypto.createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 16);
}

/**
 * Writes a file so that a reader, or a crash, never sees half of it.
 * @param {string} file
 * @param {string} text
 */
function writeWhole(file, text) {
  const partial = `${file}.${process.pid}.partial`;
  fs.writeFileSync(partial, text);
  fs.renameSync(partial, file);
}

/**
 * Makes a folder under another name and moves it into place when it is whole, so that a folder of the final name
 * can be trusted whatever was interrupted.
 * @param {string} folder
 * @param {(staging: string) => Promise<void>} fill
 */
async function makeWhole(folder, fill) {
  const staging = `${folder}.partial`;
  fs.rmSync(staging, { recursive: true, force: true });
  fs.mkdirSync(staging, { recursive: true });
  try {
    await fill(staging);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(staging, folder);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {unknown} the file's JSON, or undefined when it is absent or damaged
 */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

module.exports = { cacheRoot, openCache, hashOf, makeWhole, writeWhole, readJson };
