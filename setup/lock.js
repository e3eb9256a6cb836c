"use strict";

const fs = require("node:fs");
const { setTimeout: sleep } = require("node:timers/promises");

// Two set-ups on one machine (two checkouts, or a person and a CI job) take turns, step by step.
// A lock is a file that holds its owner. What was killed leaves its file behind; the next one sees that
// the owner is gone and takes over.

/** @typedef {{pid: number, started: string}} Owner  `started` tells a process from a later one of the same id */

const POLL_MS = 200;
// Taking over lasts microseconds; a take-over file older than this was left by a crash.
const TAKEOVER_MAX_MS = 10_000;

/**
 * When a process started, in kernel ticks since boot; "" where that cannot be read (not Linux, or gone).
 * @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in brackets and may hold spaces; the start is field 22.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * Is the owner of a lock gone?
 * @param {Owner | undefined} owner  undefined: the file could not be understood
 */
function isStale(owner) {
  if (!owner) return true;
  if (!isAlive(owner.pid)) return true;
  const now = startOf(owner.pid);
  return owner.started !== "" && now !== "" && now !== owner.started;
}

/**
 * @param {string} file
 * @returns {string | undefined} undefined: there is no such file
 */
function contentOf(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * @param {string} content  of a lock file
 * @returns {Owner | undefined}
 */
function ownerIn(content) {
  try {
    const owner = JSON.parse(content);
    return typeof owner?.pid === "number" ? owner : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Creates the file with its content in one step, so that nobody reads an empty lock.
 * @param {string} file
 * @returns {boolean} false when somebody else has it
 */
function tryCreate(file) {
  const mine = `${file}.${process.pid}`;
  fs.writeFileSync(mine, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    fs.linkSync(mine, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

/**
 * Removes a stale lock. Only one process at a time may do so, and it looks again first: otherwise the second
 * of two would remove the lock that the first has just taken.
 * @param {string} file
 */
function removeStale(file) {
  const takeover = `${file}.takeover`;
  try {
    fs.closeSync(fs.openSync(takeover, "wx"));
  } catch {
    const age = Date.now() - (fs.statSync(takeover, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > TAKEOVER_MAX_MS) fs.rmSync(takeover, { force: true });
    return;
  }
  try {
    const content = contentOf(file);
    if (content !== undefined && isStale(ownerIn(content))) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(takeover, { force: true });
  }
}

/**
 * Runs `work` while holding the lock; waits for as long as its owner lives.
 * @template T
 * @param {string} file
 * @param {{signal: AbortSignal, onWait?: (owner: Owner) => void}} options  `onWait` is called once
 * @param {(waited: boolean) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws the signal's reason, when that comes while it waits
 */
async function withLock(file, { signal, onWait }, work) {
  let waited = false;
  while (!tryCreate(file)) {
    const content = contentOf(file);
    // Given back since: that is not stale, and a lock that is there by now is somebody's.
    if (content === undefined) continue;
    const owner = ownerIn(content);
    if (isStale(owner)) {
      removeStale(file);
    } else if (owner && !waited) {
      waited = true;
      onWait?.(owner);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  try {
    return await work(waited);
  } finally {
    fs.rmSync(file, { force: true });
  }
}

module.exports = { withLock, isStale, startOf };
