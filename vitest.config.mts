import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The shared stack's health tests cost a quarter of a small machine, so who needs it comes last. */
class SharedStackLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const usesShared = ({ moduleId }: TestSpecification): boolean =>
      readFileSync(moduleId, "utf8").includes("sharedStack(");
    return [...sorted.filter((file) => !usesShared(file)), ...sorted.filter(usesShared)];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: SharedStackLast },
    // A run that selects no test must not look like success.
    passWithNoTests: false,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // Pulumi's mock runtime is global to a process.
          pool: "forks",
          // Ends a hang, and measures nothing: some tests start a dozen commands.
          testTimeout: 120_000,
          // Plain CommonJS, loaded by Node itself: else a test and the files under test would each get a copy of a class.
          server: { deps: { external: [/\/(setup|\.ci)\/\w+(\/\w+)?\.js$/] } },
        },
      },
      {
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          globalSetup: ["test/support/globalSetup.ts"],
          pool: "forks",
          // Half of the time goes into waiting for containers, so two files at a time; each brings up stacks of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
