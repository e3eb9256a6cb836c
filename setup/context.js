"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { hashOf, openCache } = require("./cache.js");
const { thisMachine } = require("./machine.js");
const { stackFacts } = require("./stack.js");

/**
 * What steps find out and later steps, or the command itself, use.
 * @typedef {object} Found
 * @property {import("./pulumi/choose.js").Pulumi} [pulumi]
 * @property {string} [dockerHost]  the engine that answers, as DOCKER_HOST would name it
 */

/**
 * Everything that a step may look at.
 * @typedef {object} Context
 * @property {string} root                                the checkout
 * @property {string} checkoutId                          tells checkouts on one machine apart
 * @property {NodeJS.ProcessEnv} env
 * @property {string} home
 * @property {import("./cache.js").Cache} cache
 * @property {import("./machine.js").Machine} machine
 * @property {import("./stack.js").StackFacts} stack
 * @property {string[]} needs                             the names of the steps of this run
 * @property {import("./ui.js").Ui} ui
 * @property {AbortSignal} signal
 * @property {boolean} dryRun                             nothing may be written, not even to the cache
 * @property {Found} found
 */

/**
 * @param {Pick<Context, "root" | "env" | "needs" | "ui" | "signal" | "dryRun">} given
 * @param {{name: string, project?: string}} stack  `project`: the folder with its settings, when not `root`
 * @returns {Context}
 */
function createContext(given, { name, project = "." }) {
  const { root, env } = given;
  return {
    ...given,
    checkoutId: hashOf(fs.realpathSync(root)),
    home: path.resolve(env.HOME || os.homedir()),
    cache: openCache(env),
    machine: thisMachine(env),
    stack: stackFacts(path.resolve(root, project), name),
    found: {},
  };
}

module.exports = { createContext };
