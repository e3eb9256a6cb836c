/** Reads the Engine's answer to a pull, an import or a build: a stream of JSON lines that ends in success or an error. */
import { createInterface } from "node:readline";
import { ToolError } from "../setup/problems";
import type { PullMessage } from "./pull";

/** A line of the answer; output of a build is in `stream`. */
interface EngineMessage extends PullMessage {
  stream?: string;
}

/** The messages, one by one. A line that is none counts as output. */
export async function* engineMessages(stream: NodeJS.ReadableStream): AsyncGenerator<EngineMessage> {
  // A failing stream fails the loop that reads it; the reader of lines alone would wait for ever.
  let failure: Error | undefined;
  const lines = createInterface({ input: stream });
  stream.once("error", (error) => {
    failure = error;
    lines.close();
  });
  for await (const line of lines) yield parse(line);
  if (failure) throw failure;
}

/**
 * Follows the stream to its end.
 *
 * @param onText called with every piece of output
 * @throws ToolError with the last lines of output when the Engine reports an error
 */
export async function followProgress(
  stream: NodeJS.ReadableStream,
  onText: (text: string) => void,
): Promise<void> {
  let output = "";
  let failure: string | undefined;
  for await (const message of engineMessages(stream)) {
    if (message.stream) {
      output = (output + message.stream).slice(-4000);
      onText(message.stream);
    }
    failure ??= message.error ?? message.errorDetail?.message;
  }
  if (failure) throw new ToolError(failure, { tail: output.trimEnd().split("\n").slice(-15) });
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
