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

/** Until the container runs and its test has been made, on an Engine that is busy. */
const LEAST_SECONDS = 120;
/** Of what a start takes on the container's own CPU: what is declared of an image is not exact. */
const MARGIN = 4;
/** Seconds for each CPU-second, as on a host where dozens want a CPU at the same time. */
const BUSY_HOST = 10;

/**
 * Seconds after which a start counts as failed. Generous, because ending too early costs a failed `up`.
 * @param cpuMillis the container's own CPU; a start usually has more (components/start/)
 */
export function patience({ startCpuSeconds }: CpuNeeds, cpuMillis: number): number {
  return Math.round(LEAST_SECONDS + startCpuSeconds * perCpuSecond(cpuMillis));
}

/** Below, the start is over before anybody wonders. */
const QUICK_SECONDS = 4;

/** Seconds that a slow start takes on the container's own CPU, from {@link patience}; undefined for a quick one. */
export function slowStartSeconds(patienceSeconds: number, cpuMillis: number): number | undefined {
  const startCpuSeconds = (patienceSeconds - LEAST_SECONDS) / perCpuSecond(cpuMillis);
  const alone = Math.round((startCpuSeconds * 1000) / cpuMillis);
  return alone > QUICK_SECONDS ? alone : undefined;
}

/** Is a start so long on its container's own CPU that it is worth lending it more? Each change of a limit is work, too. */
export function isSlow({ startCpuSeconds }: CpuNeeds, cpuMillis: number): boolean {
  return (startCpuSeconds * 1000) / cpuMillis > QUICK_SECONDS;
}

function perCpuSecond(cpuMillis: number): number {
  return BUSY_HOST + (MARGIN * 1000) / cpuMillis;
}

/** Does one health test cost so much CPU that it is felt, as one that starts an interpreter? */
export function isDear({ healthCpuSeconds }: CpuNeeds): boolean {
  return healthCpuSeconds >= 0.05;
}

const LEAST_TIMEOUT_SECONDS = 5;
/** Of what the test takes on that CPU, which it shares with what it tests. */
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
