/**
 * Does something again and again, never twice at a time.
 *
 * @param work returns the milliseconds to wait before the next time; must not reject
 * @returns stops it
 */
export function repeat(work: () => Promise<number>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    const wait = await work();
    if (!stopped) timer = setTimeout(() => void run(), wait);
  };
  void run();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
