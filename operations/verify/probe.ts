import { get } from "node:http";
import { connect as connectTcp } from "node:net";
import type { Address } from "../../components/addresses";

/** Whether an address answered, and what went wrong at the last attempt. */
export interface Probe extends Address {
  problem?: string;
}

const ATTEMPT_MS = 5000;
const PAUSE_MS = 500;

/**
 * Asks every address until it answers, at the same time and no longer than `limitMs`.
 * @param onWait called once, when the first round has left some without an answer
 */
export async function probeAll(
  addresses: Address[],
  limitMs: number,
  onWait: (count: number) => void = () => undefined,
): Promise<Probe[]> {
  const deadline = Date.now() + limitMs;
  const first = await Promise.all(addresses.map(probeOnce));
  const waiting = first.filter(({ problem }) => problem !== undefined).length;
  if (waiting === 0) return first;
  onWait(waiting);
  return Promise.all(
    first.map((probe) => (probe.problem === undefined ? probe : probeUntil(probe, deadline))),
  );
}

async function probeUntil(address: Address, deadline: number): Promise<Probe> {
  for (;;) {
    const probe = await probeOnce(address);
    if (probe.problem === undefined || Date.now() + PAUSE_MS > deadline) return probe;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function probeOnce({ what, url }: Address): Promise<Probe> {
  const address = new URL(url);
  const problem = await (address.protocol === "http:" ? askHttp(url) : openTcp(address));
  return problem === undefined ? { what, url } : { what, url, problem };
}

/** 200 and 3xx count: a redirect is an answer of the service itself. */
function askHttp(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: ATTEMPT_MS, agent: false }, ({ statusCode = 0, ...response }) => {
      request.destroy();
      resolve(
        statusCode === 200 || (statusCode >= 300 && statusCode < 400)
          ? undefined
          : `HTTP ${statusCode} ${response.statusMessage ?? ""}`.trim(),
      );
    });
    request.on("timeout", () => request.destroy(new Error(noAnswer())));
    request.on("error", (error: NodeJS.ErrnoException) => resolve(inWords(error)));
  });
}

/** Databases: that the port accepts a connection is what can be told without a password. */
function openTcp({ hostname, port }: URL): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: hostname, port: Number(port), timeout: ATTEMPT_MS }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.on("timeout", () => socket.destroy(new Error(noAnswer())));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(inWords(error)));
  });
}

function noAnswer(): string {
  return `no answer within ${ATTEMPT_MS / 1000} s`;
}

function inWords(error: NodeJS.ErrnoException): string {
  const words: Record<string, string> = {
    ECONNREFUSED: "connection refused: nothing listens there",
    ECONNRESET: "connection closed without an answer",
    ENOTFOUND: "the host name does not resolve",
  };
  return words[error.code ?? ""] ?? error.message;
}
