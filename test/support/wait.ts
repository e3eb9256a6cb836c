/** Longer than anything takes on a busy machine: a limit that ends a hang, not one that measures. */
const PATIENCE_MS = 300_000;

/**
 * Waits until something holds, asking again and again.
 * @param what for the message: what is waited for
 * @param ask returns `undefined` (or throws) for as long as it does not hold
 * @throws Error naming what was waited for, how long, and the last failure
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { pauseMs = 200 } = {},
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  let last = "it did not hold";
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s (${last})`);
    await pause(pauseMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
