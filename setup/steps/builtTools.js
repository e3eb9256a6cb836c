"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { buildFolder, buildFromSource } = require("../pulumi/make.js");

/** @typedef {import("../context.js").Context} Context */
/** @typedef {import("../pulumi/make.js").SetName} SetName */

/**
 * The folder of what toolchain/ builds for tests or benchmarks; undefined where it is not built.
 * @param {Pick<Context, "cache" | "root">} context
 * @param {SetName} set
 * @returns {string | undefined}
 */
function toolsBin(context, set) {
  const bin = path.join(buildFolder(context, set), "bin");
  return fs.existsSync(bin) ? bin : undefined;
}

/**
 * @param {SetName} set
 * @param {{ name: string, after: string[], what: string }} step
 * @returns {import("../runner.js").Step}
 */
function builtTools(set, { name, after, what }) {
  return {
    name,
    // Not side by side: both are the compiler's work.
    after,
    async plan(context) {
      // Without Go whoever needs them says so, by name.
      if (toolsBin(context, set) || !context.machine.which("go")) return undefined;
      return `build ${what} from toolchain/ (about 3 minutes on two cores, once)`;
    },
    async run(context, status) {
      await buildFromSource(set, context, status);
    },
  };
}

const testTools = builtTools("test-tools", {
  name: "test servers",
  after: ["pulumi"],
  what: "an image registry and an S3 server for the tests",
});

const benchPeers = builtTools("bench-peers", {
  name: "benchmark peers",
  after: ["pulumi", "test servers"],
  what: "Docker Compose for the benchmarks",
});

module.exports = { benchPeers, testTools, toolsBin };
