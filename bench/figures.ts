/** Middle of the values; of an even number, the lower middle. */
export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** Seconds that something took, and its result. */
export async function timed<T>(what: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const start = performance.now();
  const value = await what();
  return { seconds: (performance.now() - start) / 1000, value };
}

export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

/** All values and their median, for a reader who wants to see the noise. */
export function spread(values: number[]): string {
  return `${seconds(median(values))} (${values.map((value) => value.toFixed(1)).join(", ")})`;
}

const missed: string[] = [];

/**
 * Prints a ratio with its goal, which is an upper bound, and remembers one that is missed.
 * @param what names it in the message at the end
 */
export function printRatio(what: string, ratio: number, goal: number): void {
  // A negative one says that the machine did something else meanwhile.
  const isMissed = !(ratio >= 0 && ratio <= goal);
  if (isMissed) missed.push(`${what}: ${ratio.toFixed(3)}, goal at most ${goal}`);
  console.log(`ratio  ${ratio.toFixed(3)}  (goal: at most ${goal}${isMissed ? ", MISSED" : ""})`);
}

/** The goals that were missed so far, one line each. */
export function missedGoals(): readonly string[] {
  return missed;
}
