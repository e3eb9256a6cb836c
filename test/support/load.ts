import { Agent, request } from "node:http";
import { pause } from "./wait";

/** What a stretch of load saw. */
export interface LoadResult {
  requests: number;
  /** What went wrong, one line each; a status other than 200 is wrong. */
  failures: string[];
  /** Milliseconds of each answered request, in ascending order. */
  latencies: number[];
  /** When each request was answered, in milliseconds since 1970, in the order of the answers. */
  answered: number[];
}

/** The latency, in milliseconds, that this part (0 to 1) of the requests stayed below. */
export function percentile({ latencies }: LoadResult, part: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? Number.NaN;
}

/** Load that goes on until it is told to stop. Its time is limited, and to run into that limit is an error. */
export interface RunningLoad {
  /** Waits until so many requests are answered or failed. @throws Error when the time was up before */
  reach(requests: number): Promise<void>;
  /** Requests that are answered so far. @throws Error when the time is up */
  soFar(): number;
  /** Lets the requests on their way finish. @throws Error when the time was up before */
  stop(): Promise<LoadResult>;
}

/**
 * Sends requests over kept-alive connections.
 * @param connections at once, each with one request on its way
 * @param limitMs ends by itself after this time, so that it never outlives a test
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
  const answered: number[] = [];
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
          answered.push(Date.now());
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
  const expectRunning = (): void => {
    if (Date.now() < until) return;
    throw new Error(
      `The load was over after ${limitMs / 1000} s, with ${latencies.length} requests answered.`,
    );
  };
  return {
    reach: async (requests) => {
      while (latencies.length + failures.length < requests) {
        expectRunning();
        await pause(100);
      }
    },
    soFar: () => {
      expectRunning();
      return latencies.length;
    },
    stop: async () => {
      const inTime = Date.now() < until;
      stopped = true;
      await all;
      agent.destroy();
      if (!inTime) expectRunning();
      const sorted = latencies.sort((a, b) => a - b);
      return { requests: sorted.length + failures.length, failures, latencies: sorted, answered };
    },
  };
}
