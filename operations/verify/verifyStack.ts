import { ConfigError } from "../../config/problems";
import { loadPlatform } from "../../platform";
import { shortName } from "../deploy/state/open";
import { connect, engineAddress } from "../docker/client";
import { badInput, Failure } from "../failure";
import { judge, lookAt, type Verification } from "./verify";

/**
 * Compares what a stack's files declare with what its host has. Changes nothing.
 * @throws ConfigError or Failure (bad input) when it could not look: then nothing is known to be wrong
 */
export async function verifyStack(projectDir: string, stack: string): Promise<Verification> {
  const platform = loadPlatform({ projectDir, stack: shortName(stack) });
  const docker = await connect(platform.settings.dockerHost);
  const sides = await lookAt(platform, docker, "count").catch((error: unknown) => {
    if (error instanceof Failure || error instanceof ConfigError) throw error;
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    throw badInput(`Docker at ${engineAddress(platform.settings.dockerHost)} cannot be judged: ${reason}`);
  });
  return judge(platform.stack, sides);
}

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s*\n\s*/g, " ");
  return line.endsWith(".") ? line : `${line}.`;
}
