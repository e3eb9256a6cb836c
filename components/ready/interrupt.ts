/** Signals that mean "stop". */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const waits = new Set<AbortController>();

function stopAll(): void {
  for (const wait of waits) wait.abort(new Error("Stopped before it was known whether all are ready."));
}

/**
 * Runs some waiting that ends with an error when somebody stops this process: Pulumi waits for a hook to its end, and
 * where the program runs in a command (ADR 0035) nothing else would end it.
 */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const wait = new AbortController();
  // Only meanwhile: a handler keeps a process from ending by the signal.
  if (waits.size === 0) for (const signal of STOP_SIGNALS) process.on(signal, stopAll);
  waits.add(wait);
  const stopped = new Promise<never>((_, reject) => {
    wait.signal.addEventListener("abort", () => reject(wait.signal.reason));
  });
  try {
    return await Promise.race([work(wait.signal), stopped]);
  } finally {
    waits.delete(wait);
    if (waits.size === 0) for (const signal of STOP_SIGNALS) process.off(signal, stopAll);
  }
}
