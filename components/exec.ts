import { PassThrough, type Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";

/**
 * Runs a command in a running container and returns what it printed.
 * @param user default: the container's own
 * @throws Error when it does not exit with 0; the message holds what it printed
 */
export async function execIn(docker: Docker, id: string, command: string[], user?: string): Promise<string> {
  const exec = await prepare(docker, id, command, user);
  const text = await outputOf(docker, await exec.start({}));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0)
    throw new Error(`"${command.join(" ")}" in ${id} ended with ${ExitCode}: ${text.trim()}`);
  return text;
}

/** How a command in a container went. */
export interface Tried {
  /** Undefined when it did not end in time, or could not be run. */
  code?: number;
  /** What it printed, or why it could not be run. */
  output: string;
  /** Of one that did not end: it may still run. */
  exec?: Docker.Exec;
}

/**
 * The same, no longer than a time limit, and without an error for what the container does. Nothing of the Engine's ends
 * a command, and in a container that may have no more processes it never begins: it is left behind.
 * @throws Error when the Engine does not answer
 */
export async function tryIn(docker: Docker, id: string, command: string[], limitMs: number): Promise<Tried> {
  let exec: Docker.Exec | undefined;
  let stream: Readable | undefined;
  const run = async (): Promise<Tried> => {
    exec = await prepare(docker, id, command);
    stream = await exec.start({});
    const output = await outputOf(docker, stream);
    const { ExitCode } = await exec.inspect();
    return { code: ExitCode ?? undefined, output };
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Tried>((resolve) => {
    timer = setTimeout(() => resolve({ output: "", exec }), limitMs);
  });
  try {
    const running = run();
    // One that was left behind may end in whatever way.
    running.catch(() => undefined);
    return await Promise.race([running, late]);
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    // It has ended, is paused, lacks the program, or may have no more processes.
    if (statusCode === undefined) throw error;
    return { output: message };
  } finally {
    clearTimeout(timer);
    stream?.destroy();
  }
}

function prepare(docker: Docker, id: string, command: string[], user?: string): Promise<Docker.Exec> {
  return docker.getContainer(id).exec({
    Cmd: command,
    AttachStdout: true,
    AttachStderr: true,
    ...(user !== undefined && { User: user }),
  });
}

/** What an attached command printed, or a log holds, both streams together. */
export async function outputOf(docker: Docker, stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  const both = new PassThrough();
  both.on("data", (chunk: Buffer) => chunks.push(chunk));
  docker.modem.demuxStream(stream, both, both);
  await finished(stream, { writable: false });
  return Buffer.concat(chunks).toString("utf8");
}
