import { createServer } from "node:net";
import type { Port } from "../../../catalog/desired";
import type { BusyPort } from "./facts";

/** Not a reason: an ordinary user may not bind low ports, Docker may. */
const NOT_OURS_TO_TELL = "EACCES";

/** Tries to bind each port for a moment, and returns those that cannot be bound on this machine. */
export async function findBusyPorts(ports: readonly Pick<Port, "ip" | "external">[]): Promise<BusyPort[]> {
  const codes = await Promise.all(ports.map(({ ip, external }) => bindError(ip, external)));
  return ports.flatMap(({ ip: address, external: port }, index) => {
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
