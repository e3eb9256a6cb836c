import { openCache } from "../setup/cache";
import { run as runTool } from "../setup/exec";
import { ofSetup } from "./errors";

/**
 * Runs a program to its end, without a shell; its output is kept in the log `image-tools` as well.
 * @returns what it printed
 * @throws ImageBuildError with the last lines of its output when it fails or is not installed
 */
export async function run(
  program: string,
  args: string[],
  { signal = new AbortController().signal, env = {} }: { signal?: AbortSignal; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const cache = openCache(process.env);
  cache.prepare();
  const lines: string[] = [];
  const onLine = (line: string): void => void lines.push(line);
  const options = { env: { ...process.env, ...env }, logFile: cache.logFile("image-tools"), signal, onLine };
  await runTool(program, args, options).catch((error: unknown) => Promise.reject(ofSetup(error)));
  return lines.join("\n");
}
