import { Agent, request } from "node:http";
import { pause } from "./wait";

/** What a stretch of load saw. */
export interface LoadResult {
  requests: number;
  /** What went wrong, one line each; a status other than 200 is wrong. */
  failures: string[];
  /** Milliseconds of each answered request, in ascending order. */
  latencies: number[];
}

/** The latency, in milliseconds, that this part (0 to 1) of the requests stayed below. */
export function percentile({ latencies }: LoadResult, part: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? Number.NaN;
}

/** Load that goes on until it is told to stop, or until its time is up. */
export interface RunningLoad {
  /** Requests that got an answer so far, the right one or another. */
  answered(): number;
  /** Waits until so many requests are answered, or until the time is up. */
  reach(requests: number): Promise<void>;
  /** Lets the requests on their way finish. */
  stop(): Promise<LoadResult>;
}

/**
 * Sends requests over kept-alive connections.
 * @param connections at once, each with one request on its way
 * @param limitMs ends by itself after this time
 * @param pauseMs between the answer and the next request of a connection
 */
export function startLoad(
  base: string,
  path: string,
  { connections = 8, limitMs = 160_000, pauseMs = 0 } = {},
): RunningLoad {
  const { hostname, port } = new URL(base);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const failures: string[] = [];
  const latencies: number[] = [];
  const until = Date.now() + limitMs;
  let stopped = false;

  const once = (): Promise<void> =>
    new Promise((resolve) => {
      const begun = performance.now();
      const fail = (why: string): void => {
        failures.push(why);
        resolve();
      };
      const sent = request({ host: hostname, port, path, agent, timeout: 15_000 }, (response) => {
        response.resume();
        response.on("error", (error) => fail(error.message));
        response.on("end", () => {
          if (response.statusCode !== 200) return fail(`HTTP ${response.statusCode}`);
          latencies.push(performance.now() - begun);
          resolve();
        });
      });
      sent.on("timeout", () => sent.destroy(new Error("no answer within 15 s")));
      sent.on("error", (error) => fail(error.message));
      sent.end();
    });
  const connection = async (): Promise<void> => {
    while (!stopped && Date.now() < until) {
      await once();
      if (pauseMs > 0) await pause(pauseMs);
    }
  };
  const all = Promise.all(Array.from({ length: connections }, connection));
  const answered = (): number => latencies.length + failures.length;
  return {
    answered,
    reach: async (requests) => {
      while (answered() < requests && Date.now() < until) await pause(100);
    },
    stop: async () => {
      stopped = true;
      await all;
      agent.destroy();
      const sorted = latencies.sort((a, b) => a - b);
      return { requests: answered(), failures, latencies: sorted };
    },
  };
}
