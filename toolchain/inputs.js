"use strict";
// The key that binaries are stored under.

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { SETS } = require("./sets.js");

/** @typedef {import("./sets.js").SetName} SetName */

/**
 * A short name for everything that decides what the binaries do: files here and the machine. Not Go: a finished build
 * must be found where Go is gone or newer, and the modules pin everything but the compiler.
 * @param {SetName} set
 * @returns {string}
 */
function inputsKey(set = "pulumi") {
  const hash = createHash("sha256");
  for (const file of inputFiles(set)) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(__dirname, file)))
      .update("\0");
  }
  hash.update(`${process.platform} ${process.arch}`);
  return hash.digest("hex").slice(0, 16);
}

/**
 * Paths from this folder, sorted.
 * @param {SetName} set
 */
function inputFiles(set) {
  const files = [...SETS[set].files];
  for (const module of SETS[set].modules) {
    for (const name of fs.readdirSync(path.join(__dirname, module), { recursive: true, encoding: "utf8" })) {
      const decides = name.endsWith(".go")
        ? !name.endsWith("_test.go")
        : /^go\.(mod|sum)$/.test(path.basename(name));
      if (decides) files.push(path.posix.join(module, ...name.split(path.sep)));
    }
  }
  return files.sort();
}

module.exports = { inputFiles, inputsKey };
