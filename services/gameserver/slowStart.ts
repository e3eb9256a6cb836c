/** What the real server does before it listens: imports and checks that only cost CPU time. */
const SLICE_MS = 20;

/**
 * Uses so many seconds of CPU time, in slices, so that a stop signal is heard. How long it takes is what its limit of
 * CPU makes of it.
 */
export async function useCpu(seconds: number, used = cpuSeconds): Promise<void> {
  const end = used() + seconds;
  while (used() < end) {
    const slice = Date.now() + SLICE_MS;
    while (Date.now() < slice && used() < end);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
