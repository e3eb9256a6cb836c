import { describe, inject } from "vitest";
import type { TestRun } from "./run";

/** A group of tests that needs Pulumi and Docker; where one is missing, it is skipped with the reason in its name. */
export function engineSuite(name: string, body: (run: TestRun) => void): void {
  const run = inject("run");
  if (run.missing === undefined) describe(name, () => body(run));
  else describe.skip(`${name} [skipped, missing: ${run.missing}]`, () => body(run));
}
