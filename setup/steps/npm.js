"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { hashOf, readJson } = require("../cache.js");
const { run } = require("../exec.js");
const { npmEnv } = require("../npmEnv.js");
const { SetupProblem } = require("../problems.js");

/** @typedef {import("../runner.js").Step} Step */
/** @typedef {Record<string, {version?: string, integrity?: string, optional?: boolean, link?: boolean}>} LockedPackages */

// Inside node_modules, so that removing that folder, or an `npm ci` that was killed half-way, removes it too.
const STAMP = path.join("node_modules", ".nexus-setup");

/**
 * What the installed packages depend on.
 * @param {string | Buffer} lockFile  the text of package-lock.json
 * @param {string} nodeVersion
 */
function stampKey(lockFile, nodeVersion) {
  return hashOf(lockFile, nodeVersion.split(".")[0] ?? "");
}

/**
 * Does npm's own record of what it installed cover the lock file? Then somebody has run `npm ci` or `npm install`
 * by hand. npm writes the record last, so an interrupted installation has none.
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
 * @param {{stamp: string | undefined, key: string, covered: () => boolean}} facts
 * @returns {"done" | "install"}
 */
function decide({ stamp, key, covered }) {
  return stamp === key || covered() ? "done" : "install";
}

/** @param {string} root */
function lockText(root) {
  try {
    return fs.readFileSync(path.join(root, "package-lock.json"));
  } catch {
    throw new SetupProblem("package-lock.json cannot be read: is this a whole checkout of the repository?");
  }
}

/**
 * @param {string} root
 * @param {Buffer} lock
 */
function covered(root, lock) {
  const record = /** @type {{packages?: LockedPackages} | undefined} */ (
    readJson(path.join(root, "node_modules", ".package-lock.json"))
  );
  return (
    record?.packages !== undefined &&
    covers(JSON.parse(lock.toString("utf8")).packages ?? {}, record.packages)
  );
}

/** @type {Step} */
const npm = {
  name: "npm packages",
  async plan({ root, machine }) {
    const lock = lockText(root);
    const stampFile = path.join(root, STAMP);
    const stamp = fs.existsSync(stampFile) ? fs.readFileSync(stampFile, "utf8") : undefined;
    const key = stampKey(lock, process.versions.node);
    if (decide({ stamp, key, covered: () => covered(root, lock) }) === "done") return undefined;
    if (!machine.which("npm")) throw new SetupProblem("npm is not on the PATH: install it beside Node.");
    const count = Object.keys(JSON.parse(lock.toString("utf8")).packages ?? {}).length - 1;
    return `install ${count} packages from package-lock.json`;
  },
  async run({ root, checkoutId, env, cache, signal }) {
    const stampFile = path.join(root, STAMP);
    fs.rmSync(stampFile, { force: true });
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"];
    const options = { cwd: root, env: npmEnv(env), logFile: cache.logFile(`npm-${checkoutId}`), signal };
    // The next run starts from nothing anyhow, so there is no need to let it tidy up for long.
    await run("npm", args, { ...options, graceMs: 500 });
    fs.writeFileSync(stampFile, stampKey(lockText(root), process.versions.node));
  },
};

module.exports = { npm, decide, covers, stampKey };
