/*
 * What a person's Ctrl-C means for this process, at any moment: whoever runs something that may not be cut short says
 * so here. Where nobody does, the signal ends the process as usual.
 */

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

/** One key press reaches us from the terminal, from npm and from setup/run.js: within this time it counts once. */
const SAME_PRESS_MS = 1000;

/** Told of each press, and decide what comes of it. */
const deciders = new Set<() => void>();
/** Work that the process does not end before, each with what makes it end sooner. */
const unfinished = new Set<() => void>();
/** Nobody decided about it: the process ends when nothing is unfinished. */
let pending: StopSignal | undefined;
let heardAt = Number.NEGATIVE_INFINITY;

function heard(signal: StopSignal): void {
  const now = performance.now();
  if (now - heardAt < SAME_PRESS_MS) return;
  heardAt = now;
  for (const tell of deciders.size > 0 ? deciders : unfinished) tell();
  if (deciders.size > 0) return;
  // Asked twice, it waits for nothing.
  if (pending) end(signal);
  pending = signal;
}

/** As if nobody had listened: the exit code says which signal it was. */
function end(signal: StopSignal): void {
  for (const each of STOP_SIGNALS) process.off(each, heard);
  process.kill(process.pid, signal);
}

/** Listens only while there is somebody to tell: a handler keeps a process from ending by the signal. */
function enter(set: Set<() => void>, tell: () => void): () => void {
  if (deciders.size + unfinished.size === 0) for (const signal of STOP_SIGNALS) process.on(signal, heard);
  set.add(tell);
  return () => {
    set.delete(tell);
    if (pending && unfinished.size === 0) return end(pending);
    if (deciders.size + unfinished.size === 0) for (const signal of STOP_SIGNALS) process.off(signal, heard);
  };
}

/**
 * Is told of each press from now on, and the process goes on.
 * @param tell a function of this call's own
 * @returns what ends that
 */
export function onStop(tell: () => void): () => void {
  return enter(deciders, tell);
}

/**
 * Runs some work that leaves something behind when it is cut short, such as a container or a lock. A signal ends the
 * process when all such work is done, and a second one at once.
 * @param hurry makes the work end sooner
 */
export async function toItsEnd<T>(work: () => Promise<T>, hurry?: () => void): Promise<T> {
  const leave = enter(unfinished, () => hurry?.());
  try {
    return await work();
  } finally {
    leave();
  }
}

/**
 * Runs some waiting that ends with an error when somebody stops this process: Pulumi waits for a hook to its end, and
 * where the program runs in a command (ADR 0035) nothing else would end it.
 */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const wait = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    wait.signal.addEventListener("abort", () => reject(wait.signal.reason));
  });
  const leave = onStop(() => wait.abort(new Error("Stopped before it was known whether all are ready.")));
  try {
    return await Promise.race([work(wait.signal), stopped]);
  } finally {
    leave();
  }
}
