/** Players connected by WebSocket. */
import type { WebSocket } from "ws";

/** Proxies close silent connections; a ping this often keeps them, and finds players that are gone. */
const PING_MS = 25_000;
const GOODBYE_MS = 2000;

export class Players {
  readonly #alive = new Map<WebSocket, boolean>();
  readonly #timer = setInterval(() => this.#ping(), PING_MS).unref();

  constructor(readonly limit: number) {}

  get count(): number {
    return this.#alive.size;
  }

  /** @returns false, and takes nobody in, when the region is full */
  add(socket: WebSocket): boolean {
    if (this.#alive.size >= this.limit) return false;
    this.#alive.set(socket, true);
    socket.on("pong", () => this.#alive.set(socket, true));
    socket.on("close", () => this.#alive.delete(socket));
    return true;
  }

  /** Tells everybody that the server goes away; who does not answer is cut off. */
  async closeAll(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#alive.keys()) socket.close(1001, "server is stopping");
    const deadline = Date.now() + GOODBYE_MS;
    while (this.#alive.size > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    for (const socket of this.#alive.keys()) socket.terminate();
  }

  #ping(): void {
    for (const [socket, alive] of this.#alive) {
      if (!alive) {
        socket.terminate();
        continue;
      }
      this.#alive.set(socket, false);
      socket.ping();
    }
  }
}
