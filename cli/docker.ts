import type Docker from "dockerode";
import { engine, engineAddress } from "../components/engine";
import type { DockerHost } from "../settings";
import { badInput } from "./stop";
import { certificateProblem, unreachable } from "./unreachable";

/** Docker Engine 20.10, the oldest that this is tested with. */
const OLDEST_API = "1.41";
const ANSWER_MS = 10_000;
/** Another machine may be far away, and ssh logs in first. */
const REMOTE_ANSWER_MS = 40_000;

export { engineAddress };

/** Does the Engine run on this machine, so that its ports and routes are ours? */
export function isLocalEngine(address: string): boolean {
  return address.startsWith("unix:");
}

/**
 * A client of an Engine that answers and is new enough.
 * @param dockerHost `nexus:dockerHost` of the stack
 * @throws Stop (exit code 2) saying what is wrong with the Engine and what to do.
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

function answered<T>(request: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  return Promise.race([request, late]).finally(() => clearTimeout(timer));
}

/** Compares dotted numbers: negative when the first is smaller. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (let part = 0; part < Math.max(left?.length ?? 0, right?.length ?? 0); part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
