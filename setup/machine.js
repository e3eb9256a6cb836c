"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * What decides how a machine is set up.
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {boolean} root        may this process install packages and start services?
 * @property {string} user
 * @property {boolean} debian      Debian, Ubuntu or a descendant that installs with apt
 * @property {boolean} systemd     is systemd the service manager (and not merely installed)?
 * @property {(tool: string) => string | undefined} which  absolute path of a tool, if there is one
 */

// A user's PATH often leaves these out, and dockerd, iptables and debootstrap are there.
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * @param {string} tool
 * @param {string} searchPath  folders joined by ":"
 * @returns {string | undefined} absolute path of the first executable file of that name
 */
function findTool(tool, searchPath) {
  for (const folder of searchPath.split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, tool);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (fs.statSync(file).isFile()) return file;
    } catch {
      // Not in this folder: look in the next.
    }
  }
  return undefined;
}

/**
 * Does /etc/os-release describe a system that installs Debian packages?
 * @param {string} osRelease the file's text
 */
function isDebianLike(osRelease) {
  const ids = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap((m) =>
    (m[1] ?? "").split(" "),
  );
  return ids.includes("debian") || ids.includes("ubuntu");
}

/** @param {string} file */
function readOr(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Machine}
 */
function thisMachine(env) {
  const searchPath = [env.PATH ?? "", ...SYSTEM_FOLDERS].join(path.delimiter);
  const which = (/** @type {string} */ tool) => findTool(tool, searchPath);
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    user: userName(),
    debian: isDebianLike(readOr("/etc/os-release")) && which("apt-get") !== undefined,
    // The test that sd_booted(3) documents.
    systemd: fs.existsSync("/run/systemd/system"),
    which,
  };
}

function userName() {
  try {
    return os.userInfo().username;
  } catch {
    // A user id without a name, as in some containers.
    return String(process.getuid?.() ?? "unknown");
  }
}

module.exports = { thisMachine, findTool, isDebianLike };
