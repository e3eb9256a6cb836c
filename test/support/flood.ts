import { connect, type Socket } from "node:net";

/** The limit of a body at the gateway. */
const BODY_BYTES = 50 * 2 ** 20;
const DRIP_MS = 500;
const DRIP_BYTES = 4096;
/** Ends by itself after so many, whatever became of the test. */
const DRIPS = 600;

/** Connections that take as long as they can. They end by {@link Flood.stop}. */
export class Flood {
  private readonly sockets: Socket[] = [];
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    readonly host: string,
    readonly port: number,
  ) {}

  /**
   * Begins an upload of 50 MB: so many bytes as fast as they are taken, the rest at 8 KB in a second.
   * @param client address that a trusted proxy names
   * @param announced false: chunked, so that nobody can refuse it for its size before it is there
   * @returns the status of an answer that comes before the body is there
   */
  upload(path: string, client: string, atOnceBytes: number, announced: boolean): Promise<number> {
    const length = announced ? `Content-Length: ${BODY_BYTES}` : "Transfer-Encoding: chunked";
    const socket = this.open(
      `PUT ${path}`,
      client,
      `${length}\r\nContent-Type: application/octet-stream\r\n`,
    );
    const send = (bytes: number): void => {
      const head = announced ? "" : `${bytes.toString(16)}\r\n`;
      socket.write(`${head}${"x".repeat(bytes)}${announced ? "" : "\r\n"}`);
    };
    if (atOnceBytes > 0) send(atOnceBytes);
    this.drip(() => {
      if (socket.writableLength === 0) send(DRIP_BYTES);
    });
    return statusOf(socket);
  }

  /** Asks for something and reads the answer at 8 KB in a second. @returns its status; NaN for none */
  reader(path: string, client: string): Promise<number> {
    const socket = this.open(`GET ${path}`, client, "");
    this.drip(() => socket.read(DRIP_BYTES));
    return statusOf(socket);
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
  }

  private open(request: string, client: string, headers: string): Socket {
    const socket = connect({ host: this.host, port: this.port });
    socket.on("error", () => undefined);
    socket.write(`${request} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${client}\r\n${headers}\r\n`);
    this.sockets.push(socket);
    return socket;
  }

  private drip(what: () => void): void {
    let drips = 0;
    const timer = setInterval(() => {
      what();
      if (++drips === DRIPS) clearInterval(timer);
    }, DRIP_MS);
    this.timers.push(timer);
  }
}

/** Takes the first bytes and leaves the rest where they are. */
function statusOf(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    const look = (): void => {
      const head = socket.read(12) as Buffer | null;
      if (head) resolve(Number(head.toString("latin1").slice(9)));
    };
    socket.on("readable", look).once("close", () => resolve(Number.NaN));
  });
}
