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

/**
 * Plain CommonJS, loaded by Node itself: else a test and the files under test would each get a copy of a class. The same
 * for both projects, as what one of them has loaded is kept for the other.
 */
const COMMONJS = { deps: { external: [/\/(setup|\.ci)\/\w+(\/\w+)?\.js$/] } };

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
          maxWorkers: "100%",
          // First, as they take minutes only; without a number, vitest puts a project with one worker last.
          sequence: { groupOrder: 1 },
          // Ends a hang, and measures nothing: some tests start a dozen commands.
          testTimeout: 120_000,
          server: COMMONJS,
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
          sequence: { groupOrder: 2 },
          server: COMMONJS,
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
