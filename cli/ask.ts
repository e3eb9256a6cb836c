import { createInterface } from "node:readline/promises";

/** Asks on the terminal; true only when the answer is exactly `expected`. */
export async function confirmed(question: string, expected: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim() === expected;
  } finally {
    terminal.close();
  }
}
