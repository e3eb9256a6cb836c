import * as pulumi from "@pulumi/pulumi";
import type Docker from "dockerode";
import { ConfigError } from "../config/problems";
import { CredentialError } from "../images/errors";
import { FetchError, fetchImages } from "../images/fetch";
import { refsOf } from "../images/table";
import { loadPlatform, type Platform, type PlatformSource } from "../platform";

/**
 * {@link loadPlatform} for the program.
 * @throws pulumi.RunError with all problems, of which Pulumi shows the message; any other error it calls unhandled and
 *   shows with its stack
 */
export function programPlatform(source: PlatformSource): Platform {
  try {
    return loadPlatform(source);
  } catch (error) {
    throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
  }
}

/**
 * Brings the images to the Docker host before the first resource is registered: a container that is replaced goes
 * before its successor is made, and a failed pull would leave nothing. `npm run up` has done it already.
 * @throws pulumi.RunError with every image that could not be had
 */
export async function fetchForProgram(
  docker: Docker,
  { settings, images }: Platform,
  projectDir: string,
): Promise<void> {
  try {
    await fetchImages({
      docker,
      refs: refsOf(images),
      logins: { registries: settings.registries, projectDir },
      onProgress: (event) => {
        if (event.kind === "begun") void pulumi.log.info(`fetching ${event.missing.join(", ")}`);
        if (event.kind === "fetched") void pulumi.log.info(`fetched ${event.ref}`);
      },
    });
  } catch (error) {
    const isKnown = error instanceof FetchError || error instanceof CredentialError;
    throw isKnown ? new pulumi.RunError(error.message) : error;
  }
}
