"use strict";
// Builds Pulumi's CLI, its Node.js language host and the two providers from the Go modules in this folder; or the
// servers that tests need; or what benchmarks measure us against.
// It has no dependencies: where the vendor's downloads cannot be reached it may run before anything else is installed.

const { execFile } = require("node:child_process");
const fs = require("node:fs/promises");
const path = require("node:path");
const { parseArgs, promisify } = require("node:util");
const { withLock } = require("../setup/lock.js");
const { BuildError, checkGo, runGo } = require("./go.js");
const { inputsKey } = require("./inputs.js");
const { SETS } = require("./sets.js");
const { goArguments, goEnvironment, readVersions } = require("./targets.js");

/** @typedef {import("./sets.js").Tool} Tool */
/** @typedef {import("./sets.js").SetName} SetName */

/**
 * @typedef {object} BuildOptions
 * @property {string} outDir the binaries go to `bin` in this folder
 * @property {SetName} [set] what is built (default: pulumi)
 * @property {(line: string) => void} [log] receives the progress
 * @property {AbortSignal | undefined} [signal] stops the build; a later one continues from Go's caches
 * @property {boolean | undefined} [keepCache] keeps Go's caches after a success as well
 */

const PROGRESS_MS = 30_000;

/**
 * Builds all binaries into `bin` in `outDir`. The folder `bin` appears when everything is in it, not before.
 * Go's modules and caches are in `go-work` beside `outDir` and are removed after a success. Two builds at once would
 * remove each other's, so the second one waits.
 * @param {BuildOptions} options
 */
async function build({ outDir, set = "pulumi", log = () => {}, signal, keepCache = false }) {
  const { modules, tools, neededBytes } = SETS[set];
  const out = path.resolve(outDir);
  const work = path.join(path.dirname(out), "go-work");
  signal?.throwIfAborted();
  checkGo(modules);
  await fs.mkdir(out, { recursive: true });
  const waiting = {
    signal: signal ?? new AbortController().signal,
    onWait: (/** @type {{pid: number}} */ { pid }) => log(`waiting for process ${pid}, which builds here`),
  };
  await withLock(`${work}.lock`, waiting, async () => {
    await fs.mkdir(work, { recursive: true });
    await checkSpace(work, neededBytes);
    const partial = path.join(out, "bin.partial");
    await fs.rm(partial, { recursive: true, force: true });
    await fs.mkdir(partial);
    const all = tools();
    for (const [i, target] of all.entries()) {
      const start = Date.now();
      const progress = () => log(`${target.name}: still building, ${seconds(start)} s`);
      const timer = setInterval(progress, PROGRESS_MS);
      try {
        log(`${target.name}: building (${i + 1} of ${all.length})`);
        await compile(target, path.join(partial, target.name), work, signal);
        log(`${target.name}: done in ${seconds(start)} s`);
      } finally {
        clearInterval(timer);
      }
    }
    const bin = path.join(out, "bin");
    await fs.rm(bin, { recursive: true, force: true });
    await fs.rename(partial, bin);
    if (!keepCache) {
      log("removing Go's caches");
      await fs.rm(work, { recursive: true, force: true });
    }
  });
}

/**
 * @param {Tool} target
 * @param {string} file
 * @param {string} work
 * @param {AbortSignal} [signal]
 */
async function compile(target, file, work, signal) {
  const logFile = path.join(work, `${target.name}.log`);
  const cwd = path.join(__dirname, target.module);
  // How a Go package is built does not depend on the module that it is in.
  const args = goArguments(/** @type {import("./targets.js").Target} */ (target), file);
  const code = await runGo(args, { cwd, env: goEnvironment(work), logFile, signal });
  if (code !== 0) {
    const lines = (await fs.readFile(logFile, "utf8")).trimEnd().split("\n");
    throw new BuildError(
      `Building ${target.name} failed (go ended with ${code}); the whole output is in ${logFile}.\n` +
        lines.slice(-20).join("\n"),
    );
  }
  await checkBinary(target, file, signal);
}

/**
 * A binary that does not run on this machine must not be handed out.
 * @param {Tool} target
 * @param {string} file
 * @param {AbortSignal} [signal]
 */
async function checkBinary({ name, check }, file, signal) {
  if (!check) return;
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const answer = await promisify(execFile)(file, check.args, { env, signal }).then(
    ({ stdout }) => stdout.trim(),
    (error) => error.message,
  );
  signal?.throwIfAborted();
  if (!answer.endsWith(check.answer)) {
    throw new BuildError(`${name} was built, but its version is "${answer}" instead of ${check.answer}.`);
  }
}

/**
 * @param {string} work
 * @param {number} neededBytes
 */
async function checkSpace(work, neededBytes) {
  const { bavail, bsize } = await fs.statfs(work);
  const free = bavail * bsize;
  // An earlier, interrupted build has taken part of the space already.
  const begun = (await fs.readdir(work)).includes("cache");
  if (!begun && free < neededBytes) {
    const have = (free / 1e9).toFixed(1);
    throw new BuildError(
      `Building needs ${neededBytes / 1e9} GB of free disk for a while; ${work} has ${have} GB.`,
    );
  }
}

/** @param {number} start */
function seconds(start) {
  return Math.round((Date.now() - start) / 1000);
}

const USAGE = `Usage: node toolchain/build.js [--test-tools | --bench-peers] [--out DIR] [--keep-cache]

Builds pulumi, its Node.js language host and the Docker and random providers into DIR/bin
(default: toolchain/.build/KEY, where KEY stands for everything that decides the binaries).
--test-tools builds the image registry and the S3 server that tests need instead,
--bench-peers Docker Compose.
It needs Go and access to Go modules; from empty caches it takes minutes and 6 GB of disk.
The caches are in go-work beside DIR until the build has succeeded; --keep-cache leaves them.`;

async function main() {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      "test-tools": { type: "boolean" },
      "bench-peers": { type: "boolean" },
      "keep-cache": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const abort = new AbortController();
  for (const name of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(name, () =>
      abort.abort(new BuildError("The build was interrupted; run it again to continue.")),
    );
  }
  const set = values["bench-peers"] ? "bench-peers" : values["test-tools"] ? "test-tools" : "pulumi";
  const outDir = values.out ?? path.join(__dirname, ".build", inputsKey(set));
  await build({ outDir, set, log: console.log, signal: abort.signal, keepCache: values["keep-cache"] });
  console.log(`ready: ${path.resolve(outDir, "bin")}`);
}

if (require.main === module) {
  main().catch((error) => {
    const plain = error instanceof BuildError || String(error?.code).startsWith("ERR_PARSE_ARGS");
    console.error(plain ? error.message : error);
    process.exitCode = 1;
  });
}

module.exports = { build, inputsKey, readVersions, BuildError };
