"use strict";
// What is built together, into one folder and under one key.

const { targets } = require("./targets.js");
const { testTools } = require("./testTools.js");

/**
 * A binary to build.
 * @typedef {object} Tool
 * @property {string} name the binary
 * @property {string} module the Go module, a folder here
 * @property {string} pkg the Go package
 * @property {string} define what the linker sets, as `variable=value`
 * @property {{ args: string[], answer: string }} [check] how the binary tells its version: how its answer ends
 */

/**
 * @typedef {object} ToolSet
 * @property {string[]} files files here that decide what is built, beside the modules
 * @property {string[]} modules Go modules: folders here
 * @property {() => Tool[]} tools
 * @property {number} neededBytes free disk that a build from empty caches takes
 */

/** @typedef {keyof typeof SETS} SetName */

const SETS = {
  /** @type {ToolSet} */
  pulumi: {
    files: ["targets.js", "versions.json"],
    modules: ["cli", "providers"],
    tools: targets,
    neededBytes: 6e9,
  },
  /** @type {ToolSet} */
  "test-tools": {
    files: ["targets.js", "testTools.js"],
    modules: ["registry", "s3"],
    tools: testTools,
    neededBytes: 3e9,
  },
};

module.exports = { SETS };
