import { report, SetupProblem, ToolError } from "../setup/problems";

/** A failure with one message that a person can act on; the CLI prints it without a stack. */
export class ImageBuildError extends Error {
  override name = "ImageBuildError";
}

/** A login that is configured and cannot be used; the message says where it stands and never holds a password. */
export class CredentialError extends Error {
  override name = "CredentialError";
}

/** What parts of the set-up throw, as a failure of ours where a person can act on it. */
export function ofSetup(error: unknown): unknown {
  const isKnown = error instanceof SetupProblem || error instanceof ToolError;
  return isKnown ? new ImageBuildError(report(error).text) : error;
}

/** Turns what the Engine's client throws into a message about the Engine. */
export function engineError(error: unknown, what: string): ImageBuildError {
  const { code, message = String(error) } = error as { code?: string; message?: string };
  if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "ETIMEDOUT") {
    return new ImageBuildError(
      `Docker is not reachable (${message}). Start the Docker Engine, or set DOCKER_HOST to one that runs.`,
    );
  }
  if (code === "EACCES" || code === "EPERM") {
    return new ImageBuildError(
      `Docker refuses this user (${message}). Run as root, or add the user to the group of Docker's socket.`,
    );
  }
  return new ImageBuildError(`${what}: ${message}`);
}
