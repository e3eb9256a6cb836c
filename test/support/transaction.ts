import { docker } from "./containers";

/** A database session that is held open across what a test does. */
export interface Session {
  /** Sends one statement and returns what it printed, without the line's end. */
  ask(sql: string): Promise<string>;
  close(): void;
}

/** Opens a superuser's session on a region's database, over the container's own socket. */
export async function openSession(containerId: string, database: string): Promise<Session> {
  const exec = await docker.getContainer(containerId).exec({
    Cmd: ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-d", database, "-qtAX"],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    // Frames of eight bytes and their content (Docker's stream format).
    for (let at = 0; at + 8 <= chunk.length; ) {
      const size = chunk.readUInt32BE(at + 4);
      text += chunk.toString("utf8", at + 8, at + 8 + size);
      at += 8 + size;
    }
  });
  return {
    ask: async (sql) => {
      text = "";
      stream.write(`${sql};\nSELECT 'end of answer';\n`);
      for (let waited = 0; !text.includes("end of answer\n"); waited += 20) {
        if (waited > 10_000) throw new Error(`The database did not answer: ${text}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return text.slice(0, text.indexOf("end of answer")).trimEnd();
    },
    close: () => stream.destroy(),
  };
}
