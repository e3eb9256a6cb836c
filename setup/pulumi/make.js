"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { makeWhole } = require("../cache.js");
const { run } = require("../exec.js");
const { SetupProblem } = require("../problems.js");
const { VERSION } = require("./choose.js");

/** @typedef {import("../context.js").Context} Context */
/** @typedef {"pulumi" | "test-tools" | "bench-peers"} SetName  what toolchain/ builds */
/** @typedef {{build(options: {outDir: string, set: SetName, log: (line: string) => void, signal: AbortSignal}): Promise<unknown>, inputsKey(set: SetName): string}} Toolchain */

const INSTALLER = "https://get.pulumi.com/install.sh";
// Where the vendor cannot be reached this much time is lost, once.
const PROBE_SECONDS = 4;
const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * toolchain/build.js, which needs nothing but Node either.
 * @param {string} root
 * @returns {Toolchain}
 */
function toolchain(root) {
  return require(path.join(root, "toolchain", "build.js"));
}

/** @param {Context} context */
function vendorFolder({ cache }) {
  return cache.file(`pulumi-${VERSION}`);
}

/** @type {Record<SetName, string>} what a set is called in the cache */
const FOLDERS = { pulumi: "toolchain", "test-tools": "test-tools", "bench-peers": "bench-peers" };

/**
 * Where the build of toolchain/ as it is now belongs.
 * @param {Pick<Context, "cache" | "root">} context
 * @param {SetName} [set]
 * @returns {string}
 */
function buildFolder({ cache, root }, set = "pulumi") {
  return cache.file(`${FOLDERS[set]}-${toolchain(root).inputsKey(set)}`);
}

/**
 * Installs the vendor's build with the vendor's script.
 * @param {Context} context
 * @param {(text: string) => void} status
 * @throws when the vendor cannot be reached or the installation fails
 */
async function installVendor(context, status) {
  const { cache, env, machine } = context;
  const curl = machine.which("curl");
  if (!curl) throw new Error("curl, which the installer uses, is not there");
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(INSTALL_TIMEOUT_MS)]);
  const options = { env, logFile: cache.logFile("pulumi-installer"), signal };
  await makeWhole(vendorFolder(context), async (staging) => {
    const script = path.join(staging, "install.sh");
    status(`looking whether ${new URL(INSTALLER).host} can be reached`);
    // curl, as in the installer itself: it honours the same proxy settings.
    const probe = ["-fsSL", "--max-time", String(PROBE_SECONDS), "-o", script, INSTALLER];
    await run(curl, probe, options);
    status(`running the installer of Pulumi ${VERSION}`);
    const install = [script, "--no-edit-path", "--install-root", staging, "--version", VERSION];
    await run("/bin/sh", install, options);
  });
}

/**
 * Builds a part of toolchain/ into the cache.
 * @param {SetName} set
 * @param {Context} context
 * @param {(text: string) => void} status
 */
async function buildFromSource(set, context, status) {
  const { cache, root, signal } = context;
  const logFile = cache.logFile(FOLDERS[set]);
  fs.writeFileSync(logFile, `[${new Date().toISOString()}] toolchain/build.js\n`);
  const log = (/** @type {string} */ line) => {
    fs.appendFileSync(logFile, `${line}\n`);
    status(line);
  };
  const folder = buildFolder(context, set);
  // Go's caches are kept beside outDir until the build has succeeded: an interrupted one goes on from there.
  const outDir = cache.file(`${FOLDERS[set]}-build`, "out");
  await toolchain(root).build({ outDir, set, log, signal });
  await makeWhole(folder, async (staging) => {
    for (const tool of fs.readdirSync(path.join(outDir, "bin"))) {
      // Providers apart: Pulumi warns, at every run, of one that it finds on the PATH.
      const target = path.join(staging, tool.startsWith("pulumi-resource-") ? "plugins" : "bin");
      fs.mkdirSync(target, { recursive: true });
      fs.renameSync(path.join(outDir, "bin", tool), path.join(target, tool));
    }
  });
  fs.rmSync(path.dirname(outDir), { recursive: true, force: true });
}

/**
 * Installs or builds a Pulumi, whichever works.
 * @param {"vendor" | "build" | "vendor or build"} how
 * @param {Context} context
 * @param {(text: string) => void} status
 */
async function makePulumi(how, context, status) {
  if (how === "build") return buildFromSource("pulumi", context, status);
  try {
    return await installVendor(context, status);
  } catch (error) {
    if (context.signal.aborted) throw error;
    const log = context.cache.logFile("pulumi-installer");
    if (how === "vendor") {
      throw new SetupProblem(
        `NEXUS_TOOLCHAIN is "vendor", but Pulumi's installer did not work (see ${log}): without that setting it is built here.`,
      );
    }
    context.ui.say(
      `  pulumi: the vendor's installer cannot be used here (${log}), so it is built from toolchain/`,
    );
    return buildFromSource("pulumi", context, status);
  }
}

module.exports = { buildFromSource, makePulumi, vendorFolder, buildFolder };
