import { SetupProblem, ToolError } from "../setup/problems";

/** A login that is configured and cannot be used; the message says where it stands and never holds a password. */
export class CredentialError extends Error {
  override name = "CredentialError";
}

/**
 * Turns what the Engine's client throws into a message about the Engine.
 * @param what was being done
 */
export function engineError(error: unknown, what: string): SetupProblem | ToolError {
  const { code, message = String(error) } = error as { code?: string; message?: string };
  if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "ETIMEDOUT") {
    return new SetupProblem(
      `Docker is not reachable (${message}). Start the Docker Engine, or set DOCKER_HOST to one that runs.`,
    );
  }
  if (code === "EACCES" || code === "EPERM") {
    return new SetupProblem(
      `Docker refuses this user (${message}). Run as root, or add the user to the group of Docker's socket.`,
    );
  }
  return new ToolError(`${what}: ${message}`);
}
