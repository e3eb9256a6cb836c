/**
 * How long starting containers are waited for, and how often health tests run: both cost CPU time, and what a container
 * has of that is known. Pure.
 */

/** What an image needs of the CPU, whatever the size of its container. */
export interface CpuNeeds {
  /** CPU-seconds from the start of the container until it is ready. */
  startCpuSeconds: number;
  /** CPU-seconds that one health test costs. */
  healthCpuSeconds: number;
}

/** Of the other images. */
export const CHEAP: CpuNeeds = { startCpuSeconds: 0, healthCpuSeconds: 0 };

/** Longest wait for what needs next to nothing: an Engine that is busy takes its time as well. */
const LEAST_SECONDS = 120;
/** Other containers want the host's CPUs at the same time, and what is declared of an image is not exact. */
const MARGIN = 6;
/** Until the container runs, and the first test after it is ready. */
const BESIDE_SECONDS = 60;

/**
 * Seconds after which a start counts as failed. Generous, because ending too early is what costs: the container that
 * became ready meanwhile is then looked at as one that did not.
 * @param cpuMillis what it has at the least; a start usually has more (components/start/)
 */
export function patience({ startCpuSeconds }: CpuNeeds, cpuMillis: number): number {
  const alone = (startCpuSeconds * 1000) / cpuMillis;
  return Math.max(LEAST_SECONDS, Math.ceil(BESIDE_SECONDS + MARGIN * alone));
}

/** Seconds that a slow start takes on the container's own CPU, read from {@link patience}; undefined for a quick one. */
export function slowStartSeconds(patienceSeconds: unknown): number | undefined {
  if (typeof patienceSeconds !== "number" || patienceSeconds <= LEAST_SECONDS) return undefined;
  return Math.round((patienceSeconds - BESIDE_SECONDS) / MARGIN);
}

const LEAST_TIMEOUT_SECONDS = 5;
/** As {@link MARGIN}, and the test shares its container with what it tests. */
const TIMEOUT_MARGIN = 10;

/** Seconds after which a health test counts as failed: for one that takes its time in a small container, more. */
export function healthTimeout({ healthCpuSeconds }: CpuNeeds, leastMillis: number): number {
  return Math.max(LEAST_TIMEOUT_SECONDS, Math.ceil((TIMEOUT_MARGIN * healthCpuSeconds * 1000) / leastMillis));
}

/** Part of a container's CPU that its health tests may use. */
const HEALTH_PART = 0.04;

/**
 * Seconds between two health tests.
 * @param usual what the settings say; it is lengthened for a dear test
 * @param leastMillis what the container has in the smallest size that is sold. Not what it has now: another interval
 *   replaces the container, and a resize must not
 */
export function healthInterval({ healthCpuSeconds }: CpuNeeds, usual: number, leastMillis: number): number {
  return Math.max(usual, Math.ceil((healthCpuSeconds * 1000) / (leastMillis * HEALTH_PART)));
}
