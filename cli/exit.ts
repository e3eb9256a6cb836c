import { ConfigError } from "../config/problems";
import { Failure } from "../operations/failure";

/** What the process ends with; CI jobs and scripts rely on these numbers. */
export const EXIT = { done: 0, failed: 1, badInput: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Undefined: nobody foresaw it. */
export function exitCodeOf(error: unknown): ExitCode | undefined {
  if (error instanceof ConfigError) return EXIT.badInput;
  if (!(error instanceof Failure)) return undefined;
  return error.kind === "bad-input" ? EXIT.badInput : EXIT.failed;
}
