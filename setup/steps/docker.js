"use strict";

const { decide } = require("../docker/decide.js");
const { findEngine } = require("../docker/ping.js");
const { startEngine, waitForEngine } = require("../docker/start.js");

/** @typedef {import("../context.js").Context} Context */

/**
 * Asks for an engine and says what it takes to have one.
 * @param {Context} context
 * @returns {Promise<{host: string, action: ReturnType<typeof decide>}>}
 */
async function lookForEngine(context) {
  const { host, from, answer } = await findEngine(context);
  const dockerd = context.machine.which("dockerd") !== undefined;
  return { host, action: decide({ host, from, answer, dockerd, machine: context.machine }) };
}

/** @type {import("../runner.js").Step} */
const docker = {
  name: "docker",
  after: ["system packages"],
  async plan(context) {
    const { host, action } = await lookForEngine(context);
    if (action === "use") {
      context.found.dockerHost = host;
      return undefined;
    }
    if (action === "wait") return `wait for the Docker Engine at ${host}`;
    return context.machine.systemd
      ? "start the Docker Engine (systemctl start docker)"
      : "start the Docker Engine (dockerd, by hand: there is no service manager here)";
  },
  async run(context) {
    const { host, action } = await lookForEngine(context);
    const { cache, signal } = context;
    if (action === "wait") await waitForEngine(host, { logFile: cache.logFile("dockerd"), signal });
    else if (action !== "use") await startEngine(context, host);
  },
};

module.exports = { docker, lookForEngine };
