import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type Docker from "dockerode";

/**
 * Runs a command in a running container and returns what it printed.
 * @param user default: the container's own
 * @throws Error when it does not exit with 0; the message holds what it printed
 */
export async function execIn(docker: Docker, id: string, command: string[], user?: string): Promise<string> {
  const exec = await docker.getContainer(id).exec({
    Cmd: command,
    AttachStdout: true,
    AttachStderr: true,
    ...(user !== undefined && { User: user }),
  });
  const stream = await exec.start({});
  const chunks: Buffer[] = [];
  const both = new PassThrough();
  both.on("data", (chunk: Buffer) => chunks.push(chunk));
  docker.modem.demuxStream(stream, both, both);
  await finished(stream, { writable: false });
  const text = Buffer.concat(chunks).toString("utf8");
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0)
    throw new Error(`"${command.join(" ")}" in ${id} ended with ${ExitCode}: ${text.trim()}`);
  return text;
}
