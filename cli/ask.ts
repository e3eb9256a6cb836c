import { createInterface } from "node:readline/promises";

/** Asks on the terminal; true only when the answer is exactly `expected`. Ctrl-C ends the process, as anywhere. */
export async function confirmed(question: string, expected: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is asked gives the key, and no signal.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  // Ctrl-D is no answer.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return (await Promise.race([terminal.question(question), closed])).trim() === expected;
  } finally {
    terminal.close();
  }
}
