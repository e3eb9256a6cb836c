/** What the process ends with; CI jobs and scripts rely on these numbers. */
export const EXIT = { done: 0, failed: 1, badInput: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message for the person and an exit code; `main.ts` is the only place that catches it. */
export class Stop extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
    this.name = "Stop";
  }
}

/** The input cannot be worked with; nothing was changed. The message says what was given, what is allowed, what to do. */
export function badInput(message: string): Stop {
  return new Stop(EXIT.badInput, message);
}

/** The input was fine and the work failed. */
export function failed(message: string): Stop {
  return new Stop(EXIT.failed, message);
}
