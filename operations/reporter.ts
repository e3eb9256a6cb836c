import type { StdioOptions } from "node:child_process";

/** Who is told what an operation does while it does it: a person at a terminal, or the log of a program. */
export interface Reporter {
  /** A sentence, or a few lines. */
  say(text: string): void;
  /** Where long work stands; takes the place of what was told so before. Empty: it is over. */
  progress(text: string): void;
  /** Where pulumi's own words go. */
  pulumi: PulumiDisplay;
}

export interface PulumiDisplay {
  /** Of its process. It asks on its input where it may ask. */
  stdio: StdioOptions;
  /** Its display that moves, for somebody who looks at it; plain lines without. */
  live: boolean;
}
