// The command line, after the set-up or where it has been done: `node setup/cli.js <command> [args]`.
"use strict";

const { enableCompileCache } = require("node:module");
const path = require("node:path");
const { build } = require("./build.js");
const { handOver } = require("./handover.js");

const root = path.resolve(__dirname, "..");

/** @param {NodeJS.ErrnoException} error */
function cannotWrite(error) {
  return ["EACCES", "EPERM", "EROFS"].includes(error.code ?? "");
}

/**
 * Runs the command line in this process, and ends it with the command's exit code.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code, where it could only be run in another process
 */
async function runCli(args) {
  const built = await build(root).catch((error) => {
    // Another user's checkout. It works from the sources as well, two seconds later.
    if (cannotWrite(error)) return undefined;
    throw error;
  });
  if (!built) {
    const sources = ["--import", "tsx", path.join(root, "cli", "main.ts"), ...args];
    return handOver(process.execPath, sources, { cwd: process.cwd(), env: process.env });
  }
  // Of packages, what Node compiles them to; programs that Pulumi starts find it by the variable.
  process.env.NODE_COMPILE_CACHE ??= built.compiled;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  globalThis.nexusBuild = { root, ...built };
  process.argv = [process.execPath, __filename, ...args];
  require(built.cli);
  return new Promise(() => undefined);
}

if (require.main === module) {
  runCli(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
  );
}

module.exports = { runCli };
