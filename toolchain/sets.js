"use strict";
// What is built together, into one folder and under one key.

const { benchPeers } = require("./benchPeers.js");
const { targets } = require("./targets.js");
const { testTools } = require("./testTools.js");

/** @typedef {Omit<import("./targets.js").Target, "module"> & {module: string}} Tool  any binary, of any Go module here */

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
  /** @type {ToolSet} */
  "bench-peers": {
    files: ["targets.js", "testTools.js", "benchPeers.js"],
    modules: ["peers/compose"],
    tools: benchPeers,
    neededBytes: 3e9,
  },
};

module.exports = { SETS };
