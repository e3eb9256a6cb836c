"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { buildFolder, buildFromSource } = require("../pulumi/make.js");

/** @typedef {import("../context.js").Context} Context */

/**
 * The folder of the servers that tests need; undefined where they are not built.
 * @param {Pick<Context, "cache" | "root">} context
 * @returns {string | undefined}
 */
function testToolsBin(context) {
  const bin = path.join(buildFolder(context, "test-tools"), "bin");
  return fs.existsSync(bin) ? bin : undefined;
}

/** @type {import("../runner.js").Step} */
const testTools = {
  name: "test servers",
  // Not side by side: both are the compiler's work.
  after: ["pulumi"],
  async plan(context) {
    // Without Go the tests that need them are skipped, by name.
    if (testToolsBin(context) || !context.machine.which("go")) return undefined;
    return "build an image registry and an S3 server for the tests from toolchain/ (about 3 minutes on two cores, once)";
  },
  async run(context, status) {
    await buildFromSource("test-tools", context, status);
  },
};

module.exports = { testTools, testToolsBin };
