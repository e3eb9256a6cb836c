"use strict";
// The servers that only tests need, each a Go module of its own so that their requirements do not meet. What is not
// Pulumi stands here and not in targets.js, whose change would mean building Pulumi again.

const fs = require("node:fs");
const path = require("node:path");

/** @typedef {import("./sets.js").Tool} Tool */

/**
 * The version that a module requires.
 * @param {string} module a folder here
 * @param {string} required the path of a Go module
 */
function versionOf(module, required) {
  const file = path.join(__dirname, module, "go.mod");
  const line = new RegExp(`^(?:require)?\\s+${required.replaceAll(".", "\\.")} (v\\S+)`, "m");
  const version = line.exec(fs.readFileSync(file, "utf8"))?.[1];
  if (!version) throw new Error(`${file} does not require ${required}.`);
  return version;
}

/** @returns {Tool[]} */
function testTools() {
  const distribution = "github.com/distribution/distribution/v3";
  const versity = "github.com/versity/versitygw";
  const [registry, s3] = [versionOf("registry", distribution), versionOf("s3", versity)];
  return [
    {
      name: "registry",
      module: "registry",
      pkg: ".",
      define: `${distribution}/version.version=${registry}`,
      check: { args: ["--version"], answer: `${distribution} ${registry}` },
    },
    {
      name: "versitygw",
      module: "s3",
      pkg: `${versity}/cmd/versitygw`,
      define: `main.Version=${s3}`,
      check: { args: ["--version"], answer: `Version  : ${s3}\nBuild    : norev\nBuildTime: none` },
    },
  ];
}

module.exports = { testTools, versionOf };
