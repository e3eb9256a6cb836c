/** One JSON object a line, on standard output. Callers pass names and codes, never URLs or settings. */
export type Fields = Record<string, string | number | boolean | undefined>;

export function log(level: "info" | "warn" | "error", message: string, fields: Fields = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

/**
 * What may be said about a failure: its code, else its kind. A driver's message can hold a connection string.
 */
export function reasonOf(error: unknown): string {
  const { code, name, message = "" } = error as { code?: unknown; name?: string; message?: string };
  if (typeof code === "string" || typeof code === "number") return String(code);
  // The drivers of PostgreSQL and Redis give these no code.
  if (/timeout|timed out/i.test(message)) return "timeout";
  if (/connection|writeable|retries/i.test(message)) return "not connected";
  return name ?? "error";
}
