"use strict";

const { spawn } = require("node:child_process");
const os = require("node:os");
const path = require("node:path");
const { pulumiHome } = require("./pulumi/home.js");

/** @typedef {import("./context.js").Context} Context */

/** @type {NodeJS.Signals[]} */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * The environment of a command: the Pulumi that was found comes first.
 * @param {Context} context
 * @returns {NodeJS.ProcessEnv}
 */
function commandEnv(context) {
  const { env, found, needs } = context;
  if (!needs.includes("pulumi")) return env;
  return {
    ...env,
    PATH: [found.pulumi?.bin, env.PATH].filter(Boolean).join(path.delimiter),
    PULUMI_HOME: pulumiHome(context),
    // What a shell of the person's own does not have, for `pulumi --print-env`.
    ...(found.pulumi && found.pulumi.source !== "path" ? { NEXUS_PULUMI: found.pulumi.bin } : {}),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Only where the engine is not at the address that everything assumes.
    ...(found.dockerHost && found.dockerHost !== "unix:///var/run/docker.sock"
      ? { DOCKER_HOST: found.dockerHost }
      : {}),
  };
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal  that ended it
 */
function exitCodeOf(code, signal) {
  return code ?? 128 + (signal ? os.constants.signals[signal] : 1);
}

/**
 * Runs a program in our place: same terminal, same signals, same exit code.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<number>} its exit code
 */
function handOver(program, args, options) {
  const child = spawn(program, args, { ...options, stdio: "inherit" });
  // A terminal sends Ctrl-C to every process that it runs, so the command has it already.
  const terminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    if (signal !== "SIGINT" || !terminal) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}

module.exports = { handOver, commandEnv, exitCodeOf };
