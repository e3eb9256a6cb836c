/** Redis: a connection that fails fast while it is away and comes back by itself. */
import { Redis } from "ioredis";

const ANSWER_MS = 1500;
/** After this many unanswered PINGs in a row the connection is given up: its other end may be gone for good. */
const UNANSWERED_PINGS = 5;

/** @param answerMs longest wait for a command's answer; a blocking command needs more than it blocks */
export function openRedis(url: string, answerMs = ANSWER_MS): Redis {
  const redis = new Redis(url, {
    connectTimeout: ANSWER_MS,
    commandTimeout: answerMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    keepAlive: 10_000,
    retryStrategy: (attempt) => Math.min(attempt * 200, 2000),
    // Passwords may arrive after the first connection; the connection has to be made anew to use them.
    reconnectOnError: (error) => /^(NOAUTH|WRONGPASS)/.test(error.message),
    // The newer one answers strings and lists, which are all that is used here, no differently.
    protocol: 2,
    // Both would call commands that the application's user may not.
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  // Without a listener every retry would print a stack; the readiness check says what is wrong.
  redis.on("error", () => {});
  return redis;
}

/** PING, and a new connection when it stays unanswered. */
export function pinger(redis: Redis): () => Promise<void> {
  let unanswered = 0;
  return async () => {
    try {
      await redis.ping();
      unanswered = 0;
    } catch (error) {
      if (redis.status === "ready" && ++unanswered >= UNANSWERED_PINGS) {
        unanswered = 0;
        redis.disconnect(true);
      }
      throw error;
    }
  };
}
