import { Argument, Command, InvalidArgumentError } from "commander";
import { BENCHMARKS } from "../setup/commands";
import { docker } from "../test/support/containers";
import setup from "../test/support/globalSetup";
import { Project } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { addRegion, compose } from "./addRegion";
import { against, EARLIER } from "./against";
import { missedGoals } from "./figures";
import { interruption } from "./interruption";
import { memory } from "./memory";
import { noise } from "./noise";
import { policyPack } from "./policyPack";
import { preview } from "./preview";
import { resize } from "./resize";
import { slowStart } from "./slowStart";
import { verify } from "./verify";

interface Options {
  regions: number;
  commit: string;
}

type Benchmark = (project: Project, run: TestRun, options: Options) => Promise<void>;

const RUNS: Record<(typeof BENCHMARKS)[number], Benchmark> = {
  memory,
  "add-region": addRegion,
  compose,
  preview,
  resize,
  verify,
  interruption,
  noise,
  "slow-start": slowStart,
  "policy-pack": policyPack,
  against,
};

/** Runs benchmarks in an environment of their own, like the engine suite's, and removes what they made. */
async function main(names: (typeof BENCHMARKS)[number][], options: Options): Promise<void> {
  let run: TestRun | undefined;
  const finish = await setup({
    provide: (_, value) => {
      run = value;
    },
  });
  try {
    if (!run || run.missing !== undefined) throw new Error(`Cannot run here: ${run?.missing}`);
    for (const [index, name] of names.entries()) {
      console.log(`\n== ${name}`);
      const project = await Project.make(run, String.fromCharCode(97 + index), docker);
      try {
        await RUNS[name](project, run, options);
      } finally {
        await project.remove(docker);
      }
    }
  } finally {
    await finish();
  }
}

const command = new Command("npm run bench --")
  .description("Measure the platform; every figure is a ratio within one run.")
  .addArgument(
    new Argument("[names...]", "which benchmarks").choices(BENCHMARKS).default([...BENCHMARKS], "all"),
  )
  .option(
    "--regions <number>",
    "size of the stack that `verify` looks at, and of the largest that `against` does: 1 to 255",
    regionCount,
    60,
  )
  .option("--commit <commit>", "what `against` compares with", EARLIER)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (names: (typeof BENCHMARKS)[number][], options: Options) => {
    await main(names, options);
    if (missedGoals().length === 0) return;
    console.error(`\nMissed:\n${missedGoals().join("\n")}`);
    process.exitCode = 1;
  });

function regionCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 255) return count;
  throw new InvalidArgumentError("It takes a whole number from 1 to 255.");
}

command.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
