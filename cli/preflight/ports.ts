import { createServer } from "node:net";
import type { BusyPort } from "./facts";
import type { WantedPort } from "./wanted";

/** Not a reason: an ordinary user may not bind low ports, Docker may. */
const NOT_OURS_TO_TELL = "EACCES";

/** Tries to bind each port for a moment, and returns those that cannot be bound on this machine. */
export async function findBusyPorts(ports: Pick<WantedPort, "address" | "port">[]): Promise<BusyPort[]> {
  const codes = await Promise.all(ports.map(({ address, port }) => bindError(address, port)));
  return ports.flatMap(({ address, port }, index) => {
    const code = codes[index];
    return code && code !== NOT_OURS_TO_TELL ? [{ address, port, code }] : [];
  });
}

function bindError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    // Exclusive: a port shared with another process of ours would look free.
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
