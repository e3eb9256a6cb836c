/** `bad-input`: it cannot be worked with, and nothing was changed. `failed`: it was fine, and the work did not succeed. */
export type FailureKind = "bad-input" | "failed";

/**
 * An operation that was foreseen not to succeed: the message is for a person, the kind for a program. Everything else
 * that is thrown is a defect, but for `ConfigError`, which is bad input with its problems one by one.
 */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message);
    this.name = "Failure";
  }
}

/** The input cannot be worked with; nothing was changed. The message says what was given, what is allowed, what to do. */
export function badInput(message: string): Failure {
  return new Failure("bad-input", message);
}

/** The input was fine and the work failed. */
export function failed(message: string): Failure {
  return new Failure("failed", message);
}
