"use strict";

const { SetupProblem } = require("../problems.js");

/** The version that is installed, or built, where the machine has none. */
const VERSION = "3.256.0";

/**
 * A Pulumi that can be used.
 * @typedef {object} Pulumi
 * @property {"path" | "vendor" | "build"} source
 * @property {string} bin            the folder that holds `pulumi`
 */

/**
 * @typedef {object} OnPath
 * @property {string} bin            folder of the `pulumi` on the PATH
 * @property {string} version        as `pulumi version` says, or "" when that failed
 * @property {boolean} languageHost  is pulumi-language-nodejs beside it or on the PATH?
 */

/**
 * @typedef {object} Facts
 * @property {string | undefined} forced  $NEXUS_TOOLCHAIN
 * @property {OnPath | undefined} onPath
 * @property {string | undefined} vendor  bin folder of an installation that is already in the cache
 * @property {string | undefined} built   likewise, built from toolchain/ as it is now
 */

/**
 * Why a Pulumi on the PATH cannot be used.
 * @param {OnPath} onPath
 * @returns {string | undefined}
 */
function objection({ bin, version, languageHost }) {
  const match = /^v?(\d+)\.(\d+)\.\d+/.exec(version);
  if (!match) return `${bin}/pulumi does not say its version`;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major !== 3 || minor < 200)
    return `${bin}/pulumi is ${version}, and this project needs >= 3.200 and < 4`;
  if (!languageHost) return `${bin}/pulumi has no pulumi-language-nodejs beside it or on the PATH`;
  return undefined;
}

/**
 * Which Pulumi to use: the one on the PATH, the one in the cache, or none yet.
 * @param {Facts} facts
 * @returns {{use?: Pulumi, make?: "vendor" | "build" | "vendor or build", note?: string}}
 *   `use`, or how to get one; `note`: why the one on the PATH is not used
 * @throws {SetupProblem} when NEXUS_TOOLCHAIN cannot be followed
 */
function choose(facts) {
  if (facts.forced) return chooseForced(facts.forced, facts);
  const { onPath, vendor, built } = facts;
  const against = onPath && objection(onPath);
  if (onPath && !against) return { use: { source: "path", bin: onPath.bin } };
  if (vendor) return { use: { source: "vendor", bin: vendor } };
  if (built) return { use: { source: "build", bin: built } };
  return { make: "vendor or build", note: against && `${against}: it is not used` };
}

/**
 * @param {string} forced
 * @param {Facts} facts
 * @returns {ReturnType<typeof choose>}
 */
function chooseForced(forced, { onPath, vendor, built }) {
  if (forced === "path") {
    const against = onPath ? objection(onPath) : "there is no pulumi on the PATH";
    if (!onPath || against) throw new SetupProblem(`NEXUS_TOOLCHAIN is "path", but ${against}.`);
    return { use: { source: "path", bin: onPath.bin } };
  }
  if (forced !== "vendor" && forced !== "build") {
    throw new SetupProblem(`NEXUS_TOOLCHAIN is "${forced}": it may be path, vendor or build.`);
  }
  const bin = forced === "vendor" ? vendor : built;
  return bin ? { use: { source: forced, bin } } : { make: forced };
}

module.exports = { choose, objection, VERSION };
