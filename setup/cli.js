// Starts the command line: `node setup/cli.js <command> [args]`, after the set-up or where it has been done.
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

async function start() {
  const built = await build(root).catch((error) => {
    // Another user's checkout. It works from the sources as well, two seconds later.
    if (cannotWrite(error)) return undefined;
    throw error;
  });
  if (!built) {
    const args = ["--import", "tsx", path.join(root, "cli", "main.ts"), ...process.argv.slice(2)];
    process.exitCode = await handOver(process.execPath, args, { cwd: process.cwd(), env: process.env });
    return;
  }
  // Of packages, what Node compiles them to; programs that Pulumi starts find it by the variable.
  process.env.NODE_COMPILE_CACHE ??= built.compiled;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  globalThis.nexusBuild = { root, ...built };
  require(built.cli);
}

start().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
