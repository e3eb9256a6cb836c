/** Reads the Engine's answer to an import or a build: a stream of JSON lines that ends in success or an error. */
import { createInterface } from "node:readline";
import { ImageBuildError } from "./errors";
import { lastLines } from "./run";

interface EngineMessage {
  stream?: string;
  status?: string;
  error?: string;
  errorDetail?: { message?: string };
}

/**
 * Follows the stream to its end.
 *
 * @param onText called with every piece of output
 * @throws ImageBuildError with the last lines of output when the Engine reports an error
 */
export async function followProgress(
  stream: NodeJS.ReadableStream,
  onText: (text: string) => void,
): Promise<void> {
  let output = "";
  let failure: string | undefined;
  for await (const line of createInterface({ input: stream })) {
    const message = parse(line);
    if (message.stream) {
      output = (output + message.stream).slice(-4000);
      onText(message.stream);
    }
    failure ??= message.error ?? message.errorDetail?.message;
  }
  if (failure) throw new ImageBuildError(`${failure}\n${lastLines(output, 15)}`);
}

function parse(line: string): EngineMessage {
  try {
    return JSON.parse(line) as EngineMessage;
  } catch {
    return { stream: `${line}\n` };
  }
}

/** Ids of the images that a build's output names, in order (`---> 0123456789ab`). */
export function imageIds(text: string): string[] {
  return [...text.matchAll(/^ ---> ([0-9a-f]{12})$/gm)].map((match) => match[1] ?? "");
}
