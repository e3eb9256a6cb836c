"use strict";
// What benchmarks measure us against, each a Go module of its own so that their requirements do not meet.

const { versionOf } = require("./testTools.js");

/** @typedef {import("./sets.js").Tool} Tool */

/** @returns {Tool[]} */
function benchPeers() {
  const compose = "github.com/docker/compose/v2";
  const version = versionOf("peers/compose", compose);
  return [
    {
      name: "docker-compose",
      module: "peers/compose",
      pkg: `${compose}/cmd`,
      define: `${compose}/internal.Version=${version}`,
      check: { args: ["version", "--short"], answer: version.slice(1) },
    },
  ];
}

module.exports = { benchPeers };
