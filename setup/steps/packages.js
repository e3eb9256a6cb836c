"use strict";

const fs = require("node:fs");
const { setTimeout: sleep } = require("node:timers/promises");
const { run } = require("../exec.js");
const { ToolError } = require("../problems.js");
const { lookForEngine } = require("./docker.js");

/** @typedef {import("../context.js").Context} Context */

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const SSH_SERVER = "openssh-server";
const LOCK_LIMIT_MS = 180_000;
const LOCK_POLL_MS = 3_000;

/**
 * Which Debian packages to install.
 * @param {object} facts
 * @param {boolean} facts.mayInstall    root on Debian or Ubuntu
 * @param {boolean} facts.engineHere    this machine's own engine has to be installed or started
 * @param {boolean} facts.localImages   images are made on this machine
 * @param {boolean} [facts.testServers]  the tests start servers of their own
 * @param {(toolOrFile: string) => boolean} facts.has
 * @returns {string[]}
 */
function missingPackages({ mayInstall, engineHere, localImages, testServers = false, has }) {
  if (!mayInstall) return [];
  /** @type {[boolean, string, string][]} */
  const wanted = [
    [engineHere, "dockerd", "docker.io"],
    // Only recommended by docker.io, and dockerd does not start without it.
    [engineHere, "iptables", "iptables"],
    [localImages, "debootstrap", "debootstrap"],
    // debootstrap only recommends the keys that it checks Debian's archive with, and Ubuntu comes without them.
    [localImages, KEYRING, "debian-archive-keyring"],
    [testServers, "ssh", "openssh-client"],
    [testServers, "sshd", SSH_SERVER],
    [testServers, "openssl", "openssl"],
    [testServers, "ip", "iproute2"],
  ];
  return wanted.filter(([needed, what]) => needed && !has(what)).map(([, , name]) => name);
}

/** @param {Context} context */
async function missing(context) {
  const { machine, needs, stack } = context;
  const action = needs.includes("docker") ? (await lookForEngine(context)).action : "use";
  return missingPackages({
    mayInstall: machine.root && machine.debian,
    engineHere: action === "start" || action === "install",
    localImages: needs.includes("images") && stack.images === "local",
    testServers: needs.includes("test servers"),
    has: (what) => (what.startsWith("/") ? fs.existsSync(what) : machine.which(what) !== undefined),
  });
}

/**
 * Does the tail of a tool's output say that another package manager is at work?
 * @param {string[]} tail
 */
function isLocked(tail) {
  return tail.some((line) =>
    /could not get lock|unable to (acquire|lock)|locked by another process/i.test(line),
  );
}

/**
 * Runs a package tool; while another one holds the lock, waits, for three minutes at most.
 * @param {string} command
 * @param {string[]} args
 * @param {Context} context
 * @param {(text: string) => void} status
 */
async function runUnlocked(command, args, { env, cache, signal }, status) {
  const until = Date.now() + LOCK_LIMIT_MS;
  const options = {
    env: { ...env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    logFile: cache.logFile("apt"),
    signal,
    // Killing dpkg while it writes is worse than waiting for it.
    graceMs: 60_000,
  };
  for (;;) {
    try {
      status(`${command} ${args[0]}`);
      await run(command, args, options);
      return;
    } catch (error) {
      if (!(error instanceof ToolError) || !isLocked(error.tail) || Date.now() > until) throw error;
      status("waiting for another package manager");
      await sleep(LOCK_POLL_MS, undefined, { signal });
    }
  }
}

/**
 * The tests start the ssh server on loopback with a configuration of their own; the package would start it for
 * everybody who reaches this machine.
 * @param {Context} context
 */
async function keepSshFromStarting({ cache, signal, ui }) {
  await run("systemctl", ["mask", "ssh.service", "ssh.socket"], { logFile: cache.logFile("apt"), signal });
  ui.say(
    `  system packages: ${SSH_SERVER} is for the tests alone and is kept from starting (systemctl unmask ssh)`,
  );
}

/** @type {import("../runner.js").Step} */
const packages = {
  name: "system packages",
  async plan(context) {
    const names = await missing(context);
    return names.length ? `install the Debian packages ${names.join(", ")} with apt-get` : undefined;
  },
  async run(context, status) {
    const names = await missing(context);
    if (names.length === 0) return;
    // An installation that was interrupted leaves packages unpacked and unconfigured, and apt-get refuses until then.
    await runUnlocked("dpkg", ["--configure", "-a"], context, status);
    await runUnlocked("apt-get", ["update"], context, status);
    if (names.includes(SSH_SERVER) && context.machine.systemd) await keepSshFromStarting(context);
    await runUnlocked("apt-get", ["install", "-y", "--no-install-recommends", ...names], context, status);
  },
};

module.exports = { packages, missingPackages, isLocked };
