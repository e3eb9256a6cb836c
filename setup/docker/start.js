"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const { setTimeout: sleep } = require("node:timers/promises");
const { run } = require("../exec.js");
const { ToolError } = require("../problems.js");
const { get } = require("./ping.js");

/** @typedef {import("../context.js").Context} Context */

const START_LIMIT_MS = 60_000;
const PID_FILE = "/var/run/docker.pid";
const CONTAINERD_PID_FILE = "/var/run/docker/containerd/containerd.pid";

/**
 * Mounts the control groups where nothing has (a container or a minimal VM without a service manager), as the
 * engine's own init script does; then starts it with the number of open files that the script gives it. Mounts are
 * shared as systemd shares them at boot: a region's disk is mounted by a container, and others must see it.
 */
const START_SCRIPT = `
if [ -d /sys/fs/cgroup ] && [ ! -e /sys/fs/cgroup/cgroup.controllers ] && [ ! -d /sys/fs/cgroup/memory ]; then
  grep -q ' /sys/fs/cgroup ' /proc/mounts || mount -t tmpfs -o mode=0755 cgroup /sys/fs/cgroup
  for name in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
    mkdir -p "/sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" || rmdir "/sys/fs/cgroup/$name"
  done
fi
mount --make-rshared / 2>/dev/null || true
ulimit -n 1048576 2>/dev/null || true
exec "$@"
`;

/**
 * dockerd makes its rules with iptables, whose newer form does not work on every kernel; the older one does then.
 * @param {Context} context
 * @param {string} logFile
 */
async function chooseIptables({ machine, signal, ui }, logFile) {
  const iptables = machine.which("iptables");
  const legacy = machine.which("iptables-legacy");
  const works = async (/** @type {string} */ tool) => {
    const isDone = await run(tool, ["-t", "nat", "-L", "-n"], { logFile, signal }).catch(() => false);
    signal.throwIfAborted();
    return isDone !== false;
  };
  if (!iptables || !legacy || (await works(iptables)) || !(await works(legacy))) return;
  ui.say("  docker: iptables-nft does not work on this kernel, so iptables is set to iptables-legacy");
  await run("update-alternatives", ["--set", "iptables", legacy], { logFile, signal });
}

/**
 * Does the number in a pid file belong to this program?
 * @param {string} program
 * @param {string} pidFile
 */
function isRunning(program, pidFile) {
  try {
    const pid = Number(fs.readFileSync(pidFile, "utf8"));
    return fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim() === program;
  } catch {
    return false;
  }
}

/**
 * An engine that was killed leaves its pid files behind, and their numbers may be other programs' by now: dockerd
 * then refuses to start, or waits for a containerd that is not there.
 */
function removeStalePidFiles() {
  if (!isRunning("dockerd", PID_FILE)) fs.rmSync(PID_FILE, { force: true });
  if (!isRunning("containerd", CONTAINERD_PID_FILE)) fs.rmSync(CONTAINERD_PID_FILE, { force: true });
}

/**
 * Starts dockerd as a process of its own, which outlives us.
 * @param {string} dockerd
 * @param {string} logFile
 */
function startByHand(dockerd, logFile) {
  const log = fs.openSync(logFile, "a");
  const child = spawn("/bin/sh", ["-c", START_SCRIPT, "sh", dockerd], {
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
  });
  child.on("error", () => {});
  child.unref();
  fs.closeSync(log);
  return child;
}

/**
 * Waits until an engine answers.
 * @param {string} host
 * @param {{logFile: string, signal: AbortSignal, ended?: () => boolean}} options  `ended`: nobody will answer any more
 * @throws {ToolError} with the last lines of the log, after 60 s or when the engine has ended
 */
async function waitForEngine(host, { logFile, signal, ended }) {
  const until = Date.now() + START_LIMIT_MS;
  for (;;) {
    const { state } = await get(host, "/_ping");
    if (state === "ok") return;
    const gone = ended?.() === true;
    if (gone || Date.now() > until) {
      const text = fs.existsSync(logFile) ? fs.readFileSync(logFile, "utf8") : "";
      const tail = text.trimEnd().split("\n").slice(-20);
      const how = gone ? "ended at once" : `does not answer at ${host} after ${START_LIMIT_MS / 1000} s`;
      throw new ToolError(`The Docker Engine ${how}:`, { logFile, tail });
    }
    await sleep(300, undefined, { signal });
  }
}

/**
 * Starts the engine that is installed here and waits for it.
 * @param {Context} context
 * @param {string} host
 */
async function startEngine(context, host) {
  const { machine, cache, signal, ui } = context;
  const logFile = cache.logFile("dockerd");
  if (machine.systemd) {
    await run("systemctl", ["start", "docker"], { logFile, signal });
    return waitForEngine(host, { logFile, signal });
  }
  await chooseIptables(context, cache.logFile("iptables"));
  // Installing the package starts the engine on some machines.
  if (isRunning("dockerd", PID_FILE)) return waitForEngine(host, { logFile, signal });
  removeStalePidFiles();
  const child = startByHand(machine.which("dockerd") ?? "dockerd", logFile);
  await waitForEngine(host, { logFile, signal, ended: () => child.exitCode !== null });
  ui.say(
    `  docker: there is no service manager here, so dockerd was started by hand; its log is ${logFile}, ` +
      `and \`kill $(cat ${PID_FILE})\` stops it`,
  );
}

module.exports = { startEngine, waitForEngine, isRunning };
