import type Docker from "dockerode";
import { stoppable } from "../interrupt";
import { pauseMs } from "./check";
import { Asker, type Look } from "./look";

export interface Wait {
  /** Container's name or id. */
  container: string;
  patienceSeconds: number;
  /** Does one check cost much CPU? */
  isDear: boolean;
  /** Is told every half minute how many seconds it has been waited for. */
  onLong?(seconds: number): void;
}

const SAY_EVERY_MS = 30_000;

/**
 * Waits until a container is ready, and no longer than its start may take.
 * @returns how it was when it was looked at last
 * @throws Error when the Engine does not answer, or does with an error, and when somebody stops this process
 */
export function untilReady(docker: Docker, wait: Wait): Promise<Look> {
  return stoppable((signal) => ask(docker, wait, signal));
}

async function ask(docker: Docker, wait: Wait, signal: AbortSignal): Promise<Look> {
  const asker = new Asker(docker, wait.container);
  const begun = Date.now();
  const limit = wait.patienceSeconds * 1000;
  const waited = (): number => Date.now() - begun;
  let said = 0;
  let last: Look | undefined;
  for (;;) {
    signal.throwIfAborted();
    const before = waited();
    const look = await within(limit + ANSWER_MS - before, asker.look());
    if (!look) {
      if (last) return last;
      throw new Error(`Docker did not say within ${Math.round(waited() / 1000)} s how ${wait.container} is.`);
    }
    last = look;
    if (look.isReady || look.state === "gone" || waited() > limit) return look;
    if (waited() - said >= SAY_EVERY_MS) {
      said = waited();
      wait.onLong?.(Math.round(said / 1000));
    }
    await pause(pauseMs(waited(), waited() - before, wait.isDear));
  }
}

/** For an Engine that does not answer at all. */
const ANSWER_MS = 60_000;

/** What a promise gives in time; undefined afterwards. */
function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), Math.max(ms, 0));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Does not keep the program alive: whoever waits for the answer does. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
