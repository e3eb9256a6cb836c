import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../config/problems";
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
