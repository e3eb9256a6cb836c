import { existsSync, readFileSync, realpathSync } from "node:fs";
import type Docker from "dockerode";
import { engine, engineAddress } from "../../components/engine";
import type { DockerHost } from "../../settings";
import { badInput } from "../failure";
import { certificateProblem, unreachable } from "./unreachable";

/** Docker Engine 20.10, the oldest that this is tested with. */
const OLDEST_API = "1.41";
const ANSWER_MS = 10_000;
/** Another machine may be far away, and ssh logs in first. */
const REMOTE_ANSWER_MS = 40_000;

export { engineAddress };

/** What tells whether a socket leads to this machine as this process sees it. */
export interface Surroundings {
  /** `/proc/net/unix`: the sockets that were made in this process's own network; undefined where there is none. */
  sockets?: string;
  /** Is this process in a container? */
  contained: boolean;
}

/**
 * Are the Engine's ports and routes those that this process sees? A socket can be mounted into the container in which
 * this runs; it was made in the host's network then, and not in the container's own. Where this is no container, a
 * socket that others made leads to an Engine in a virtual machine or a user's namespace, which publish their ports here.
 */
export function isLocalEngine(address: string, { sockets, contained } = surroundings()): boolean {
  if (!address.startsWith("unix:")) return false;
  if (!contained || sockets === undefined) return true;
  const path = new URL(address).pathname;
  const listening = sockets
    .split("\n")
    .flatMap((line) => / 00010000 \S+ \S+ +\d+ (\/.*)$/.exec(line)?.[1] ?? []);
  return listening.some((one) => one === path || realPath(one) === realPath(path));
}

function surroundings(): Surroundings {
  const sockets = existsSync("/proc/net/unix") ? readFileSync("/proc/net/unix", "utf8") : undefined;
  const contained =
    ["/.dockerenv", "/run/.containerenv"].some((file) => existsSync(file)) ||
    process.env.KUBERNETES_SERVICE_HOST !== undefined;
  return { sockets, contained };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * A client of an Engine that answers and is new enough.
 * @param dockerHost `nexus:dockerHost` of the stack
 * @throws Failure (bad input) saying what is wrong with the Engine and what to do.
 */
export async function connect(dockerHost?: DockerHost): Promise<Docker> {
  const address = engineAddress(dockerHost);
  const docker = client(dockerHost);
  const limit = address.startsWith("unix:") ? ANSWER_MS : REMOTE_ANSWER_MS;
  const { ApiVersion, Version } = await answered(docker.version(), limit).catch(
    (error: NodeJS.ErrnoException) => {
      throw unreachable(address, error);
    },
  );
  if (compareVersions(ApiVersion, OLDEST_API) < 0) {
    throw badInput(
      `Docker Engine ${Version} at ${address} is too old: its API is ${ApiVersion}, ${OLDEST_API} or newer is needed ` +
        "(Engine 20.10). Update Docker on that host.",
    );
  }
  return docker;
}

function client(dockerHost?: DockerHost): Docker {
  let problem: string | undefined;
  try {
    problem = certificateProblem(dockerHost);
    if (!problem) return engine(dockerHost);
  } catch (error) {
    problem = `${(error as Error).message}.`;
  }
  throw badInput(problem);
}

/** @throws Error where the answer takes longer */
export function answered<T>(request: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  return Promise.race([request, late]).finally(() => clearTimeout(timer));
}

/** Compares dotted numbers: negative when the first is smaller. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
