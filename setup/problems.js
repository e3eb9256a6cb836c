"use strict";

/** A machine or an input that cannot be used: shown as its message alone, exit code 2. */
class SetupProblem extends Error {
  /** @param {string} message what is wrong and what to do, in one sentence or one line each */
  constructor(message) {
    super(message);
    this.name = "SetupProblem";
  }
}

/** A tool that was started by the set-up and failed: shown with the end of its output, exit code 1. */
class ToolError extends Error {
  /**
   * @param {string} message which tool failed, and how
   * @param {{logFile?: string, tail?: string[]}} [output] where its output is, and the last lines of it
   */
  constructor(message, output = {}) {
    super(message);
    this.name = "ToolError";
    this.logFile = output.logFile;
    this.tail = output.tail ?? [];
  }
}

/** The user, or whoever started us, asked us to stop. */
class Interrupted extends Error {
  constructor() {
    super("Interrupted. What was finished is kept; run the same command again to go on.");
    this.name = "Interrupted";
  }
}

/**
 * What a person is told about an error.
 * @param {unknown} error
 * @returns {{text: string, exitCode: number}}
 */
function report(error) {
  if (error instanceof SetupProblem) return { text: error.message, exitCode: 2 };
  if (error instanceof ToolError) {
    const tail = error.tail.map((line) => `    ${line}`);
    const where = error.logFile ? [`  The whole output: ${error.logFile}`] : [];
    return { text: [error.message, ...tail, ...where].join("\n"), exitCode: 1 };
  }
  return { text: error instanceof Error ? error.message : String(error), exitCode: 1 };
}

module.exports = { SetupProblem, ToolError, Interrupted, report };
