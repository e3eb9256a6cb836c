import { connect, type Socket } from "node:net";

/** The limit of a body at the gateway. */
const BODY_BYTES = 50 * 2 ** 20;
const CHUNK = Buffer.alloc(64 * 1024, "x");
const DRIP_MS = 500;
const DRIPS = 120;

/** Connections that take as long as they can. They end by {@link Flood.stop}, or with the process. */
export class Flood {
  private readonly sockets: Socket[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly statuses: number[] = [];

  constructor(
    readonly host: string,
    readonly port: number,
  ) {}

  /**
   * Begins an upload of 50 MB: so many bytes as fast as they are taken, the rest at 64 KB in half a second, for a minute at most.
   * @param client address that a trusted proxy names
   * @param announced false: chunked, so that nobody can refuse it for its size before it is there
   */
  upload(path: string, client: string, atOnceBytes: number, announced: boolean): void {
    const length = announced ? `Content-Length: ${BODY_BYTES}` : "Transfer-Encoding: chunked";
    const socket = this.open(
      `PUT ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\n${length}\r\n` +
        "Content-Type: application/octet-stream\r\n\r\n",
    );
    const send = (): void => {
      if (!announced) socket.write(`${CHUNK.length.toString(16)}\r\n`);
      socket.write(CHUNK);
      if (!announced) socket.write("\r\n");
    };
    for (let sent = 0; sent < atOnceBytes; sent += CHUNK.length) send();
    let drips = 0;
    const timer = setInterval(() => {
      if (++drips > DRIPS) clearInterval(timer);
      else if (socket.writableLength === 0) send();
    }, DRIP_MS);
    this.timers.push(timer);
    this.read(socket, false);
  }

  /** Asks for something and reads nothing of the answer but its first line. */
  reader(path: string, client: string): void {
    this.read(this.open(`GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\n\r\n`), true);
  }

  /** How many answers of a status came. */
  answers(status: number): number {
    return this.statuses.filter((one) => one === status).length;
  }

  /** How many connections are still open. */
  get openCount(): number {
    return this.sockets.filter((socket) => !socket.destroyed).length;
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
  }

  private open(head: string): Socket {
    const socket = connect({ host: this.host, port: this.port });
    socket.on("error", () => undefined);
    socket.write(head);
    this.sockets.push(socket);
    return socket;
  }

  private read(socket: Socket, stopAfterFirst: boolean): void {
    socket.once("data", (data) => {
      this.statuses.push(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString("latin1"))?.[1]));
      if (stopAfterFirst) socket.pause();
      else socket.resume();
    });
  }
}
