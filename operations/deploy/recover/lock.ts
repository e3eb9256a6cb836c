import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { failed } from "../../failure";
import type { Reporter } from "../../reporter";
import { backendFolder } from "../state/fileBackend";
import type { OpenStack } from "../state/open";

/** A lock of pulumi's file backend: who works on the stack, since when. */
export interface Lock {
  file: string;
  pid: number;
  username: string;
  hostname: string;
  /** RFC 3339. */
  timestamp: string;
}

/** What is known of the process that made a lock. */
export interface Holder {
  sameHost: boolean;
  alive: boolean;
}

/** `stale`: its maker is dead. `running`: at work on this machine. `elsewhere`: another machine's, nobody can tell. */
export type LockState = "stale" | "running" | "elsewhere";

export function judge({ sameHost, alive }: Holder): LockState {
  if (!sameHost) return "elsewhere";
  return alive ? "running" : "stale";
}

export function readLocks(folder: string, project: string, stack: string): Lock[] {
  const locks = join(folder, ".pulumi", "locks", "organization", project, stack);
  if (!existsSync(locks)) return [];
  return readdirSync(locks)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const file = join(locks, name);
      try {
        return [{ ...(JSON.parse(readFileSync(file, "utf8")) as Omit<Lock, "file">), file }];
      } catch {
        // Gone since the folder was listed, or still being written: pulumi looks again itself.
        return [];
      }
    });
}

type LockedStack = Pick<OpenStack, "backend" | "project" | "stack"> & { place: { cwd: string } };

/**
 * Removes the lock that a killed run left, and stops when another run is at work.
 * @param repair false only says what it found, for a preview.
 * @returns whether the last run was killed
 * @throws Failure naming the process that holds the lock.
 */
export function clearLock(open: LockedStack, repair: boolean, { say }: Reporter): boolean {
  const folder = backendFolder(open.backend, open.place.cwd);
  // Whose process it was can only be told where this machine keeps the lock.
  if (!folder) return false;
  const locks = readLocks(folder, open.project, open.stack).map((lock) => ({
    lock,
    state: judge(holderOf(lock)),
  }));
  if (!repair) {
    for (const { lock, state } of locks)
      say(`Note: stack "${open.stack}" is locked by ${describe(lock, state)}`);
    return false;
  }
  const held = locks.find(({ state }) => state !== "stale");
  if (held)
    throw failed(
      `Stack "${open.stack}" is locked: ${describe(held.lock, held.state)} Nothing was changed. ${advice(held.state, open.stack)}`,
    );
  for (const { lock, state } of locks) {
    say(`Removing the lock of a run that was killed: ${describe(lock, state)}`);
    // This very one. `pulumi cancel` removes all that there are by then, and the next run may have taken its own.
    try {
      for (const file of [lock.file, `${lock.file}.attrs`]) rmSync(file, { force: true });
    } catch (error) {
      throw failed(`The lock could not be removed: ${(error as Error).message}`);
    }
  }
  return locks.length > 0;
}

/** How pulumi names the holder of a lock, on all backends that keep their locks beside the state. */
const HOLDER = /created by (\S*)@(\S*) \(pid (\d+)\) at (\S+)/g;

/**
 * What to tell the person when pulumi was refused the lock; undefined when it failed for another reason. Pure.
 * @param words what pulumi printed
 */
export function lockRefusal(stack: string, words: string): string | undefined {
  if (!/is currently locked by|Another update is currently in progress/i.test(words)) return undefined;
  const holders = [...words.matchAll(HOLDER)].map(
    ([, user, host, pid, since]) => `process ${pid} of ${user} on ${host}, since ${since}`,
  );
  const by = holders.length > 0 ? holders.join("; ") : "another update is in progress";
  return `Stack "${stack}" is locked: ${by}. Nothing was changed. Wait until that run ends. If it is over, ${cancelAdvice(stack)}`;
}

function describe(lock: Lock, state: LockState): string {
  const maker = `process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}`;
  const now = { stale: "which no longer runs", running: "which is running", elsewhere: "on another machine" }[
    state
  ];
  return `${maker}, ${now}.`;
}

function advice(state: LockState, stack: string): string {
  return state === "running"
    ? "Wait until it ends, or stop it."
    : `If that run is over, ${cancelAdvice(stack)}`;
}

function cancelAdvice(stack: string): string {
  return `remove its lock with: npm run pulumi -- cancel --yes --stack ${stack}`;
}

function holderOf(lock: Lock): Holder {
  return { sameHost: lock.hostname === hostname(), alive: isPulumi(lock.pid) };
}

/** Does this process run, and is it pulumi? The number may have been given to another program since. */
function isPulumi(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  try {
    // "pid (name) state ...": a zombie has ended and only waits for its parent to notice.
    const [, name, state] = /\((.*)\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return state !== "Z" && name !== undefined && name.includes("pulumi");
  } catch {
    // No /proc on this system, or the process is gone: then the signal above told.
    return existsSync("/proc/self") ? existsSync(`/proc/${pid}`) : true;
  }
}
