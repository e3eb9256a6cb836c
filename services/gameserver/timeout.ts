/** A promise with a deadline. */
export class TimeoutError extends Error {
  override name = "TimeoutError";
  readonly code = "timeout";
}

/** Rejects with a TimeoutError when `promise` has not settled within `ms` milliseconds. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
