import type Docker from "dockerode";
import { engine, engineAddress } from "../components/engine";
import { badInput, type Stop } from "./stop";

/** Docker Engine 20.10, the oldest that this is tested with. */
const OLDEST_API = "1.41";
const ANSWER_MS = 10_000;

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
export async function connect(dockerHost?: string): Promise<Docker> {
  const address = engineAddress(dockerHost);
  const docker = engine(dockerHost);
  const { ApiVersion, Version } = await answered(docker.version()).catch((error: NodeJS.ErrnoException) => {
    throw unreachable(address, error);
  });
  if (compareVersions(ApiVersion, OLDEST_API) < 0) {
    throw badInput(
      `Docker Engine ${Version} at ${address} is too old: its API is ${ApiVersion}, ${OLDEST_API} or newer is needed ` +
        "(Engine 20.10). Update Docker on that host.",
    );
  }
  return docker;
}

function answered<T>(request: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  });
  return Promise.race([request, late]).finally(() => clearTimeout(timer));
}

/** What to do when the Engine cannot be used, by the reason that the system gave. */
export function unreachable(address: string, error: NodeJS.ErrnoException): Stop {
  const where = "Set nexus:dockerHost in the stack's settings, or DOCKER_HOST, if it is somewhere else.";
  if (error.code === "EACCES" || error.code === "EPERM") {
    return badInput(
      `Docker at ${address} refuses permission to this user. Add the user to the group "docker" ` +
        "(sudo usermod -aG docker $USER, then log in again), or run as root.",
    );
  }
  if (error.code === "ENOENT" || error.code === "ECONNREFUSED") {
    return badInput(
      `Docker is not running: nothing answers at ${address} (${error.code}). Start it ` +
        `(sudo systemctl start docker, or Docker Desktop). ${where}`,
    );
  }
  return badInput(
    `Docker at ${address} cannot be used: ${error.message}. Check that it runs and is reachable. ${where}`,
  );
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
