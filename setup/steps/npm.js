"use strict";

const path = require("node:path");
const { readJson } = require("../cache.js");
const { run } = require("../exec.js");
const { npmEnv } = require("../npmEnv.js");
const { SetupProblem } = require("../problems.js");

/** @typedef {import("../runner.js").Step} Step */
/** @typedef {Record<string, {version?: string, integrity?: string, optional?: boolean, link?: boolean}>} LockedPackages */

/**
 * Does npm's own record of what it installed cover the lock file? Whoever ran npm, we or a person. It writes the
 * record last, so an interrupted installation has none.
 * @param {LockedPackages} locked     `packages` of package-lock.json
 * @param {LockedPackages} installed  `packages` of node_modules/.package-lock.json
 */
function covers(locked, installed) {
  return Object.entries(locked).every(([name, want]) => {
    if (name === "" || want.link) return true;
    const have = installed[name];
    // Optional packages are for one platform each, and most are not for this one.
    if (!have) return want.optional === true;
    return have.version === want.version && have.integrity === want.integrity;
  });
}

/**
 * The packages that a checkout is to have.
 * @param {string} root
 * @returns {LockedPackages}
 */
function lockedPackages(root) {
  const { packages } = recordIn(path.join(root, "package-lock.json"));
  if (packages) return packages;
  throw new SetupProblem("package-lock.json cannot be read: is this a whole checkout of the repository?");
}

/**
 * @param {string} file  a lock file of npm's
 * @returns {{packages?: LockedPackages}}
 */
function recordIn(file) {
  return /** @type {{packages?: LockedPackages} | undefined} */ (readJson(file)) ?? {};
}

/** @type {Step} */
const npm = {
  name: "npm packages",
  async plan({ root, machine }) {
    const locked = lockedPackages(root);
    const installed = recordIn(path.join(root, "node_modules", ".package-lock.json")).packages;
    if (installed && covers(locked, installed)) return undefined;
    if (!machine.which("npm")) throw new SetupProblem("npm is not on the PATH: install it beside Node.");
    return `install ${Object.keys(locked).length - 1} packages from package-lock.json`;
  },
  async run({ root, checkoutId, env, cache, signal }) {
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
    const options = { cwd: root, env: npmEnv(env), logFile: cache.logFile(`npm-${checkoutId}`), signal };
    // The next run starts from nothing anyhow, so there is no need to let it tidy up for long.
    await run("npm", args, { ...options, graceMs: 500 });
  },
};

module.exports = { npm, covers, lockedPackages };
