import type { Reporter } from "../../operations/reporter";

/** Shows nothing, and keeps what was said. */
export function silentReporter(): Reporter & { said(): string } {
  const lines: string[] = [];
  return {
    say: (text) => lines.push(text),
    progress: () => undefined,
    pulumi: { stdio: "ignore", live: false },
    said: () => lines.join("\n"),
  };
}
