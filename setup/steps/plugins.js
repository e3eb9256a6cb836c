"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { run } = require("../exec.js");
const { ToolError } = require("../problems.js");
const { pulumiHome } = require("../pulumi/home.js");
const { lockedPackages } = require("./npm.js");

/** @typedef {import("../context.js").Context} Context */
/** @typedef {{name: string, version: string}} Plugin */

const PROVIDERS = ["docker", "random"];

/**
 * The providers that go with the npm packages, which bear their versions. The lock file tells them before anything is
 * installed.
 * @param {string} root
 * @returns {Plugin[]}
 */
function wantedPlugins(root) {
  const locked = lockedPackages(root);
  return PROVIDERS.map((name) => ({
    name,
    version: locked[`node_modules/@pulumi/${name}`]?.version ?? "unknown",
  }));
}

/**
 * @param {string} home  PULUMI_HOME
 * @param {Plugin} plugin
 */
function isInstalled(home, { name, version }) {
  const folder = path.join(home, "plugins", `resource-${name}-v${version}`);
  // Pulumi keeps "<folder>.partial" beside it for as long as an installation is not whole.
  return fs.existsSync(path.join(folder, `pulumi-resource-${name}`)) && !fs.existsSync(`${folder}.partial`);
}

/**
 * The provider's binary that came with this Pulumi, if any: then nothing has to be downloaded.
 * @param {string} bin   folder of the CLI
 * @param {string} name
 */
function fileFor(bin, name) {
  const file = `pulumi-resource-${name}`;
  return [path.join(bin, "..", "plugins", file), path.join(bin, file)].find((candidate) =>
    fs.existsSync(candidate),
  );
}

/** @param {Context} context */
function missing(context) {
  const home = pulumiHome(context);
  return wantedPlugins(context.root).filter((plugin) => !isInstalled(home, plugin));
}

/** @type {import("../runner.js").Step} */
const plugins = {
  name: "providers",
  after: ["npm packages", "pulumi"],
  async plan(context) {
    const left = missing(context).map(({ name, version }) => `${name} ${version}`);
    return left.length
      ? `install the Pulumi providers ${left.join(" and ")} into ${pulumiHome(context)}`
      : undefined;
  },
  async run(context, status) {
    const { env, cache, signal, found } = context;
    const bin = found.pulumi?.bin ?? "";
    const home = pulumiHome(context);
    fs.mkdirSync(home, { recursive: true });
    const options = {
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      logFile: cache.logFile("providers"),
      signal,
    };
    for (const { name, version } of missing(context)) {
      status(`${name} ${version}`);
      const file = fileFor(bin, name);
      // --reinstall: what is there is not whole, or it would not be missing.
      const args = [
        "plugin",
        "install",
        "resource",
        name,
        version,
        "--reinstall",
        ...(file ? ["--file", file] : []),
      ];
      await run(path.join(bin, "pulumi"), args, options).catch((error) => {
        // The CLI may be there and its downloads out of reach.
        if (error instanceof ToolError && !file) {
          error.message = `NEXUS_TOOLCHAIN=build builds the providers here; this one could not be downloaded. ${error.message}`;
        }
        throw error;
      });
    }
  },
};

module.exports = { plugins, isInstalled };
