import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { Duplex, type Readable, type Writable } from "node:stream";

/** Bytes of a program's messages that are kept. */
const MESSAGES_MAX = 4000;

/** The program ended before the connection was done. */
export class CommandError extends Error {
  readonly code = "ECOMMAND";

  constructor(
    readonly program: string,
    /** What it printed on standard error. */
    readonly said: string,
    /** Exit code; null when a signal ended it or it could not be started. */
    readonly exitCode: number | null,
  ) {
    super(`${program}: ${said.trim().replaceAll(/\s*\n\s*/g, " ") || `it ended with ${exitCode}`}`);
  }
}

/**
 * A connection through a program's standard input and output, with what Node's HTTP client asks of a socket. Idle, it
 * keeps nobody from ending. One that fails says what the program said.
 */
export class CommandSocket extends Duplex {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private said = "";

  constructor(program: string, args: string[], cwd: string) {
    super();
    // A session of its own: there it finds no terminal to ask at, and an interrupt at the terminal is not meant for it.
    const child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.child = child;
    child.on("error", (error) => this.destroy(new CommandError(program, error.message, null)));
    child.stderr.on("data", (chunk: Buffer) => {
      this.said = (this.said + chunk.toString("utf8")).slice(-MESSAGES_MAX);
    });
    child.stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    // Writing to a program that has ended: why it did is known when it closes.
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => {
      if (code === 0) this.push(null);
      else this.destroy(new CommandError(program, this.said, code));
    });
  }

  override _read(): void {
    this.child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // An error is reported once, when the program closes.
    this.child.stdin.write(chunk, () => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    this.child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.child.kill();
    done(error);
  }

  /** Of a stream that Docker's client is done with. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  ref(): this {
    return this.hold("ref");
  }

  unref(): this {
    return this.hold("unref");
  }

  private hold(how: "ref" | "unref"): this {
    const { child } = this;
    child[how]();
    for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as unknown as Socket)[how]();
    return this;
  }

  /** A pipe has no such options. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }
}
