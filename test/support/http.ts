import { request } from "node:http";
import { connect } from "node:net";
import WebSocket from "ws";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  bytes: Buffer;
  /** The body as JSON. @throws SyntaxError */
  json(): Record<string, unknown>;
}

export interface Question {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  limitMs?: number;
}

/**
 * Asks for a path as it is written: unlike `fetch`, it leaves dots, slashes and escapes alone and follows nothing.
 * @param base such as `http://127.0.0.1:8080`
 */
export function ask(base: string, path: string, question: Question = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, limitMs = 15_000 } = question;
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: hostname, port, path, method, headers, agent: false, signal: AbortSignal.timeout(limitMs) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
            bytes,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/**
 * Sends bytes and returns everything that comes back until the other side closes. For requests no client would send.
 * @param enough ends the wait for the other side to close
 */
export function rawAsk(base: string, bytes: string, enough?: RegExp, limitMs = 10_000): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes, "latin1"));
    const chunks: Buffer[] = [];
    socket.setTimeout(limitMs, () => socket.destroy(new Error(`no answer within ${limitMs / 1000} s`)));
    const text = (): string => Buffer.concat(chunks).toString("latin1");
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (enough?.test(text())) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text()));
  });
}

export interface Socket {
  /** The first message. */
  hello: Record<string, unknown>;
  /** Sends a text and returns the next message. */
  say(text: string): Promise<Record<string, unknown>>;
  isOpen(): boolean;
  close(): void;
}

/** Opens a WebSocket and waits for its first message. */
export async function openSocket(url: string, limitMs = 8000): Promise<Socket> {
  const socket = new WebSocket(url, { handshakeTimeout: limitMs });
  const messages: string[] = [];
  const waiting: ((message: string) => void)[] = [];
  socket.on("message", (data) => {
    const next = waiting.shift();
    if (next) next(String(data));
    else messages.push(String(data));
  });
  const receive = (): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no message within ${limitMs / 1000} s`)), limitMs);
      const take = (message: string): void => {
        clearTimeout(timer);
        resolve(JSON.parse(message) as Record<string, unknown>);
      };
      const message = messages.shift();
      if (message !== undefined) take(message);
      else waiting.push(take);
    });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  return {
    hello: await receive(),
    say: (text) => {
      socket.send(text);
      return receive();
    },
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.terminate(),
  };
}
