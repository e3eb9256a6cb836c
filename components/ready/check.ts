import { plainTest } from "../healthWatch";

/*
 * Whether a container is ready is asked by us, at once and then again and again: Docker makes its first health test one
 * whole interval after the start. What is asked is that very test, as the container itself has it. Pure.
 */

export interface ReadyCheck {
  /** Program and arguments, run in the container; exit code 0 means ready. */
  command: string[];
  /** After this a try counts as failed, as for Docker. */
  limitMs: number;
}

/** As the Engine tells it of a container; durations in nanoseconds. */
export interface EngineHealthcheck {
  Test?: string[];
  Timeout?: number;
}

/** Docker's own, where a test does not name one. */
const DEFAULT_LIMIT_MS = 30_000;

/** The check of a container with such a health test; undefined for one that has none. */
export function readyCheck({ Test = [], Timeout = 0 }: EngineHealthcheck = {}): ReadyCheck | undefined {
  const [form, ...words] = plainTest(Test);
  if (!form || form === "NONE") return undefined;
  const command = form === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  return { command, limitMs: Timeout > 0 ? Timeout / 1e6 : DEFAULT_LIMIT_MS };
}

const SHORTEST_MS = 100;
const LONGEST_MS = 5000;
/** Of the time waited so far: whoever waited long does not notice. */
const WAITED_PART = 0.05;
/** A dear check runs on the CPU of the very start that it waits for: it may have a quarter of that. */
const DEAR_PAUSES = 3;

/**
 * Milliseconds until the next try.
 * @param waited since the first try began
 * @param took how long the last try ran
 * @param isDear does one check cost much CPU (`healthCpuSeconds`)?
 */
export function pauseMs(waited: number, took: number, isDear: boolean): number {
  const pause = Math.max(SHORTEST_MS, waited * WAITED_PART, isDear ? took * DEAR_PAUSES : 0);
  return Math.min(pause, LONGEST_MS);
}
