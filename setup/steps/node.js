"use strict";

const path = require("node:path");
const { installPinnedNode, isBrought, isSupported, OLDEST, pinnedNode } = require("../node/pinned.js");
const { SetupProblem, ToolError } = require("../problems.js");

/** @typedef {import("../context.js").Context} Context */

/** @type {import("../runner.js").Step} */
const node = {
  name: "node",
  async plan({ cache, machine }) {
    const own = process.versions.node;
    if (isSupported(own)) return undefined;
    const { name, version } = pinnedNode(cache);
    if (isBrought(cache)) return undefined;
    if (!machine.which("npm")) throw new SetupProblem("npm is not on the PATH: install it beside Node.");
    return (
      `bring Node ${version} (npm package ${name}) into the cache: this machine's own is ${own}, older than ` +
      `${OLDEST}. Everything here then runs with it; the machine's own stays as it is`
    );
  },
  async run(context) {
    await installPinnedNode(context).catch((error) => {
      if (error instanceof ToolError)
        error.message = `Install Node ${OLDEST} or newer yourself. ${error.message}`;
      throw error;
    });
  },
};

/**
 * The environment of everything that runs with the brought Node: it comes first for npm's scripts, for Pulumi's
 * language host and for all that they start.
 * @param {Context} context
 * @returns {NodeJS.ProcessEnv}
 */
function nodeEnv({ cache, env }) {
  const { file } = pinnedNode(cache);
  const bin = path.dirname(file);
  return {
    ...env,
    PATH: [bin, env.PATH].filter(Boolean).join(path.delimiter),
    // npm tells its scripts which Node runs it by these.
    NODE: file,
    npm_node_execpath: file,
    // What a shell of the person's own does not have, for `pulumi --print-env`.
    NEXUS_NODE: bin,
  };
}

module.exports = { node, nodeEnv };
