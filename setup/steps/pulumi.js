"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { SetupProblem } = require("../problems.js");
const { choose, VERSION } = require("../pulumi/choose.js");
const { buildFolder, makePulumi, vendorFolder } = require("../pulumi/make.js");
const { findOnPath } = require("../pulumi/onPath.js");

/** @typedef {import("../context.js").Context} Context */

/** @param {string} folder */
function binOf(folder) {
  const bin = path.join(folder, "bin");
  return fs.existsSync(path.join(bin, "pulumi")) ? bin : undefined;
}

/**
 * The bin folder of the build in the cache, if there is one for toolchain/ as it is now.
 * @param {Context} context
 */
function builtBin(context) {
  try {
    return binOf(buildFolder(context));
  } catch {
    // Without Go nothing can have been built here; whoever has to build says so.
    return undefined;
  }
}

/**
 * Looks only as far as the choice depends on it: Go takes a moment to tell its version.
 * @param {Context} context
 */
async function look(context) {
  const forced = context.env.NEXUS_TOOLCHAIN || undefined;
  const facts = {
    forced,
    onPath: forced && forced !== "path" ? undefined : await findOnPath(context),
    vendor: binOf(vendorFolder(context)),
    built: undefined,
  };
  const choice = choose(facts);
  return choice.make?.includes("build") ? choose({ ...facts, built: builtBin(context) }) : choice;
}

/** @type {import("../runner.js").Step} */
const pulumi = {
  name: "pulumi",
  async plan(context) {
    const { use, make, note } = await look(context);
    context.found.pulumi = use;
    if (use) return undefined;
    if (make === "build" && !context.machine.which("go")) {
      throw new SetupProblem(
        'NEXUS_TOOLCHAIN is "build", and building needs Go: install it as toolchain/README.md says.',
      );
    }
    const how = {
      vendor: `install Pulumi ${VERSION} with the vendor's installer`,
      build: `build Pulumi ${VERSION} and its providers from toolchain/ (about 6 minutes on two cores, once)`,
      "vendor or build":
        `install Pulumi ${VERSION} with the vendor's installer, or, where that cannot be reached, ` +
        "build it from toolchain/ (about 6 minutes on two cores, once)",
    }[make ?? "vendor or build"];
    return note ? `${how}; ${note}` : how;
  },
  async run(context, status) {
    const { make } = await look(context);
    if (make) await makePulumi(make, context, status);
  },
};

module.exports = { pulumi };
