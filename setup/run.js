#!/usr/bin/env node
// The entry of every npm script: `node setup/run.js <command> [args]`.
// Only this file has to be understood by an old Node, so it keeps to the syntax of 2015. The rest of setup/ needs 20.19
// and brings a newer Node for everything else.
"use strict";

/**
 * @param {string} version  as in process.versions.node
 */
function isTooOld(version) {
  const major = Number(version.split(".")[0]);
  const minor = Number(version.split(".")[1]);
  return major < 20 || (major === 20 && minor < 19);
}

if (isTooOld(process.versions.node)) {
  process.stderr.write(`Node ${process.versions.node} is too old: install Node 22.12 or newer.\n`);
  process.exitCode = 2;
} else {
  require("./main.js")
    .main(process.argv.slice(2))
    .then((/** @type {number} */ code) => {
      process.exitCode = code;
    });
}
