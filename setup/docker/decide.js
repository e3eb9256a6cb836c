"use strict";

const { SetupProblem } = require("../problems.js");

/**
 * @typedef {object} Facts
 * @property {string} host                      the address that was asked
 * @property {string} [from]                    who chose that address; undefined: it is the usual one
 * @property {import("./ping.js").Answer} answer
 * @property {boolean} dockerd                  is an engine installed here?
 * @property {Pick<import("../machine.js").Machine, "platform" | "root" | "user" | "debian">} machine
 */

/**
 * What a machine needs before an engine answers.
 * @param {Facts} facts
 * @returns {"use" | "wait" | "start" | "install"}  `install`: and then start
 * @throws {SetupProblem} when a person has to do it
 */
function decide({ host, from, answer, dockerd, machine }) {
  const { state, detail } = answer;
  if (state === "ok" || state === "unasked") return "use";
  if (state === "denied") {
    throw new SetupProblem(
      `The Docker Engine at ${host} refuses user ${machine.user} (permission denied): run this as root, or join ` +
        `the group docker (sudo usermod -aG docker ${machine.user}) and log in again.`,
    );
  }
  if (state === "wrong") {
    throw new SetupProblem(`What answers at ${host} is not a Docker Engine (${detail}): check that address.`);
  }
  if (from) {
    throw new SetupProblem(
      `No Docker Engine answers at ${host}, which ${from} names (${detail}): start it, or change that.`,
    );
  }
  // A socket that systemd opened listens before its engine is up.
  if (state === "silent") return "wait";
  if (machine.platform !== "linux") {
    throw new SetupProblem(
      "No Docker Engine is running: start Docker Desktop, or install it, and run this again.",
    );
  }
  return decideAbsent({ dockerd, machine });
}

/**
 * Nobody listens at the usual address of a Linux machine.
 * @param {Pick<Facts, "dockerd" | "machine">} facts
 */
function decideAbsent({ dockerd, machine }) {
  if (dockerd) {
    if (machine.root) return "start";
    throw new SetupProblem(
      "The Docker Engine is installed and not running: start it (sudo systemctl start docker) and run this again.",
    );
  }
  if (machine.root && machine.debian) return "install";
  throw new SetupProblem(
    machine.debian
      ? "There is no Docker Engine: install one (sudo apt-get install docker.io iptables) and join the group docker, " +
          "or run this as root, which does it."
      : "There is no Docker Engine, and this script can install one on Debian and Ubuntu only: install Docker Engine " +
          "as your system's packages provide it, start it, and run this again.",
  );
}

module.exports = { decide };
