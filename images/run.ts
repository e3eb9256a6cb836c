import { openCache } from "../setup/cache";
import { run as runTool } from "../setup/exec";

/**
 * Runs a program to its end, without a shell; its output is kept in the log `image-tools` as well.
 * @returns what it printed
 * @throws ToolError with the last lines of its output when it fails or is not installed
 */
export async function run(
  program: string,
  args: string[],
  { signal, env = {} }: { signal: AbortSignal; env?: NodeJS.ProcessEnv },
): Promise<string> {
  const cache = openCache(process.env);
  cache.prepare();
  const logFile = cache.logFile("image-tools");
  const lines = await runTool(program, args, { env: { ...process.env, ...env }, logFile, signal });
  return lines.join("\n");
}
