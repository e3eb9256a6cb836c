"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { readJson } = require("../cache.js");
const { run } = require("../exec.js");
const { ToolError } = require("../problems.js");
const { pulumiHome } = require("../pulumi/home.js");

/** @typedef {import("../context.js").Context} Context */
/** @typedef {{name: string, version: string}} Plugin */

const PROVIDERS = ["docker", "random"];

/**
 * The provider that goes with an npm package: what the package itself asks the engine for.
 * @param {string} root
 * @param {string} name
 * @returns {Plugin}
 */
function pluginOf(root, name) {
  const installed = /** @type {{pulumi?: {version?: string}} | undefined} */ (
    readJson(path.join(root, "node_modules", "@pulumi", name, "package.json"))
  );
  const version = installed?.pulumi?.version ?? lockedVersion(root, name);
  return { name, version };
}

/**
 * Before the packages are installed, the lock file tells the same: their version is the provider's.
 * @param {string} root
 * @param {string} name
 */
function lockedVersion(root, name) {
  const lock = /** @type {{packages?: Record<string, {version?: string}>} | undefined} */ (
    readJson(path.join(root, "package-lock.json"))
  );
  return lock?.packages?.[`node_modules/@pulumi/${name}`]?.version ?? "unknown";
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

/** @param {Context} context */
function homeOf({ env, home, cache }) {
  return pulumiHome(env, home, cache.file("pulumi-home"));
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
  return PROVIDERS.map((name) => pluginOf(context.root, name)).filter(
    (plugin) => !isInstalled(homeOf(context), plugin),
  );
}

/** @type {import("../runner.js").Step} */
const plugins = {
  name: "providers",
  after: ["npm packages", "pulumi"],
  async plan(context) {
    const left = missing(context).map(({ name, version }) => `${name} ${version}`);
    return left.length
      ? `install the Pulumi providers ${left.join(" and ")} into ${homeOf(context)}`
      : undefined;
  },
  async run(context, status) {
    const { env, cache, signal, found } = context;
    const bin = found.pulumi?.bin ?? "";
    const home = homeOf(context);
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

module.exports = { plugins, homeOf, isInstalled, pluginOf };
