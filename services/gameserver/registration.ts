/** How a region proves to the Nexus who it is, and reports itself. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { request } from "node:http";
import { log, reasonOf } from "./log";
import { repeat } from "./repeat";

const INTERVAL_MS = 5000;
const UNREADY_MS = 1000;
const ANSWER_MS = 3000;

export interface Heartbeat {
  players: number;
  maxPlayers: number;
  owner?: string;
  version: string;
  /** Whether the region's own database and cache answer. */
  ready: boolean;
}

/** A region's token: hex HMAC-SHA256 of its name. The Nexus needs one key and no list of regions. */
export function regionToken(key: string, region: string): string {
  return createHmac("sha256", key).update(region).digest("hex");
}

/** Compares in constant time, whatever the length of what was given. */
export function tokenMatches(key: string, region: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(regionToken(key, region)), digest(given));
}

/**
 * Reports this region every five seconds. A Nexus that is away is no reason to stop: the region plays on.
 *
 * @returns stops the reports
 */
export function startHeartbeat(
  { nexusUrl, token }: { nexusUrl: string; token: string },
  region: string,
  current: () => Promise<Heartbeat>,
): () => void {
  const url = new URL(`/api/v1/nexus/regions/${region}/heartbeat`, nexusUrl);
  let last = "";
  return repeat(async () => {
    const heartbeat = await current();
    const outcome = await post(url, token, heartbeat).then(
      (status) => (status === 204 ? "registered" : `refused (${status})`),
      (error) => `failed (${reasonOf(error)})`,
    );
    if (outcome !== last)
      log(outcome === "registered" ? "info" : "warn", "registration at the Nexus", { outcome });
    last = outcome;
    // A region that has just become ready says so soon.
    return heartbeat.ready ? INTERVAL_MS : UNREADY_MS;
  });
}

/** The Nexus' host check accepts `localhost` only, which `fetch` would not let us say. */
function post(url: URL, token: string, body: Heartbeat): Promise<number> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        headers: {
          Host: "localhost",
          Authorization: `Bearer ${token}`,
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(text),
        },
        signal: AbortSignal.timeout(ANSWER_MS),
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(text);
  });
}
