"use strict";
// What is built and with which settings. Together with the two Go modules this decides the binaries: see inputs.js.

const fs = require("node:fs");
const path = require("node:path");

/**
 * @typedef {object} Target
 * @property {string} name the binary
 * @property {"cli" | "providers"} module the Go module, a folder here
 * @property {string} pkg the Go package
 * @property {string} define what the linker sets, as `variable=value`
 * @property {{ args: string[], answer: string }} [check] how the binary tells its version
 */

/**
 * The CLI's version is the one in its go.mod. The providers' are those of the npm packages: versions.json.
 * @returns {{ pulumi: string, docker: string, random: string }}
 */
function readVersions() {
  const file = path.join(__dirname, "cli", "go.mod");
  const found = /^\s*github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/m.exec(fs.readFileSync(file, "utf8"));
  if (!found?.[1]) throw new Error(`${file} does not require github.com/pulumi/pulumi/pkg/v3.`);
  const { docker, random } = JSON.parse(fs.readFileSync(path.join(__dirname, "versions.json"), "utf8"));
  return { pulumi: found[1], docker, random };
}

/** @returns {Target[]} */
function targets() {
  const { pulumi, ...providers } = readVersions();
  const define = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumi}`;
  return [
    {
      name: "pulumi",
      module: "cli",
      pkg: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      define,
      check: { args: ["version"], answer: `v${pulumi}` },
    },
    { name: "pulumi-language-nodejs", module: "cli", pkg: "./pulumi-language-nodejs", define },
    ...Object.entries(providers).map(([name, version]) => ({
      name: `pulumi-resource-${name}`,
      module: /** @type {const} */ ("providers"),
      pkg: `./${name}`,
      define: `main.version=${version}`,
      check: { args: ["-version"], answer: version },
    })),
  ];
}

/**
 * Arguments of the go command.
 * @param {Target} target
 * @param {string} file where the binary goes
 */
function goArguments(target, file) {
  // no_compose leaves out the upstream Docker provider's Compose resource, which @pulumi/docker does not have.
  return ["build", "-tags", "no_compose", "-ldflags", `-s -w -X ${target.define}`, "-o", file, target.pkg];
}

/**
 * The go command's environment. Where modules come from (GOPROXY, GOPRIVATE, a proxy server) is the machine's setting.
 * @param {string} work the folder for modules and caches
 * @returns {NodeJS.ProcessEnv}
 */
function goEnvironment(work) {
  const env = { ...process.env };
  for (const name of ["GOOS", "GOARCH", "GOEXPERIMENT"]) delete env[name];
  return {
    ...env,
    CGO_ENABLED: "0", // one static file, whatever C library the machine has
    GOTOOLCHAIN: "local", // never download another Go
    GOWORK: "off",
    GO111MODULE: "on",
    // Reproducible: no paths and no repository state in the binaries. -modcacherw: so that the caches can be removed.
    GOFLAGS: "-mod=readonly -modcacherw -trimpath -buildvcs=false",
    GOPATH: work,
    GOMODCACHE: path.join(work, "mod"),
    GOCACHE: path.join(work, "cache"),
  };
}

module.exports = { goArguments, goEnvironment, readVersions, targets };
