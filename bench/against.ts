import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Outcome } from "../test/support/command";
import { docker } from "../test/support/containers";
import { Project, regionFile, succeeded } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { sleepingImages } from "../test/support/sleepingImage";
import { checkOut } from "./earlier";
import { median, printRatio, spread, timed } from "./figures";
import { idleCpu } from "./idle";
import { growTo, wentUp } from "./manyRegions";
import { reached, readersOf, resources, wake, write } from "./resize";

/** The last commit before operations were made to cost what Docker costs. The goals are against it. */
export const EARLIER = "af2f29c";

const PREVIEW_GOAL = 0.5;
const START_GOAL = 0.4;
const IDLE_GOAL = 0.15;
const SIZES = [{ size: 2, resizeGoal: 0.45 }, { size: 20, resizeGoal: 0.3 }, { size: 60 }];
const ROUNDS = 3;
const IDLE_ROUNDS = 2;
const INTERVAL = "nexus:healthIntervalSeconds";

interface Options {
  commit: string;
  /** Larger stacks than this are left out. */
  regions: number;
}

/** Both versions, each with a stack of its own. */
interface Pair {
  before: Project;
  now: Project;
}

/** This checkout against an earlier commit of this repository, in turn, as a person would type it. */
export async function against(_: Project, run: TestRun, { commit, regions }: Options): Promise<void> {
  const checkout = checkOut(run, commit);
  await withPair(run, ["r", "s"], checkout, likeDev);
  const sleeping = await sleepingImages(run);
  await withPair(run, ["p", "q"], checkout, (pair) => asTheyGrow(pair, sleeping, regions));
}

async function withPair(
  run: TestRun,
  [one, other]: [string, string],
  checkout: string,
  measure: (pair: Pair) => Promise<void>,
): Promise<void> {
  const before = await Project.make(run, one, docker, { checkout });
  const now = await Project.make(run, other, docker);
  // The tests' own, which spares an earlier version the types that it checked for a person each time.
  for (const { more } of [before, now]) more.PULUMI_NODEJS_TRANSPILE_ONLY = "";
  try {
    await measure({ before, now });
  } finally {
    for (const project of [before, now]) await project.remove(docker);
  }
}

/** Two regions of real services, with what each version's `dev` says of health tests. */
async function likeDev(pair: Pair): Promise<void> {
  for (const project of [pair.before, pair.now]) {
    const { config } = parse(readFileSync(join(project.dir, "Pulumi.dev.yaml"), "utf8"));
    if (config[INTERVAL] !== undefined) project.writeSettings({ [INTERVAL]: config[INTERVAL] });
    for (const [index, name] of ["aurora", "borealis"].entries()) {
      project.addRegion(regionFile(name, index + 1));
    }
    succeeded(await npm(project, "start"));
  }
  await inTurn(pair, "second npm start", START_GOAL, async (project) =>
    succeeded(await npm(project, "start")),
  );
  await idle(pair);
}

/** What the machine's other containers take is taken off. */
async function idle(pair: Pair): Promise<void> {
  const both = [pair.before, pair.now];
  const cpus: Record<"none" | keyof Pair, number[]> = { none: [], before: [], now: [] };
  for (let round = 0; round < IDLE_ROUNDS; round += 1) {
    cpus.none.push(await idleCpu(both, undefined));
    cpus.before.push(await idleCpu(both, pair.before));
    cpus.now.push(await idleCpu(both, pair.now));
  }
  for (const [which, values] of Object.entries(cpus)) {
    console.log(
      `idle, running: ${which.padEnd(7)} ${values.map((value) => value.toFixed(3)).join(", ")} CPU`,
    );
  }
  const own = (values: number[]): number => median(values) - median(cpus.none);
  printRatio("against, idle CPU", own(cpus.now) / own(cpus.before), IDLE_GOAL);
}

/** Previews without changes and resizes, on images that only sleep. */
async function asTheyGrow(pair: Pair, sleeping: Record<string, unknown>, regions: number): Promise<void> {
  const both = [pair.before, pair.now];
  for (const project of both) project.writeSettings(sleeping);
  let cpuMillis = 1000;
  for (const { size, resizeGoal } of SIZES.filter((one) => one.size <= regions)) {
    for (const project of both) await growTo(project, size);
    await inTurn(pair, `preview at ${size} regions`, PREVIEW_GOAL, async (project) =>
      succeeded(await npm(project, "preview", "--expect-no-changes")),
    );
    if (resizeGoal === undefined) continue;
    for (const project of both) await wake(project);
    await inTurn(pair, `resize at ${size} regions`, resizeGoal, (project) => {
      cpuMillis += 50;
      return resize(project, cpuMillis);
    });
  }
}

/** @returns when the kernel had the new quota of all containers of a region */
async function resize(project: Project, cpuMillis: number): Promise<number> {
  const readers = await readersOf(await wake(project));
  const wanted = resources(cpuMillis);
  write(project, wanted);
  const up = npm(project, "up", "--yes", "--json");
  const { seconds } = await timed(() => reached(readers, wanted));
  wentUp(await up);
  return seconds;
}

/**
 * Does something with both versions by turns, so that a busy moment of the machine hits both.
 * @param what is timed, unless it returns the seconds that count itself
 */
async function inTurn(
  { before, now }: Pair,
  name: string,
  goal: number,
  what: (project: Project) => Promise<unknown>,
): Promise<void> {
  const took = { before: [] as number[], now: [] as number[] };
  const one = async (project: Project): Promise<number> => {
    const { seconds, value } = await timed(() => what(project));
    return typeof value === "number" ? value : seconds;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.before.push(await one(before));
    took.now.push(await one(now));
  }
  console.log(`${name.padEnd(24)} before ${spread(took.before)}   now ${spread(took.now)}`);
  printRatio(`against, ${name}`, median(took.now) / median(took.before), goal);
}

/** Runs one of the commands, with all that comes before it. */
function npm(project: Project, command: string, ...args: string[]): Promise<Outcome> {
  return project.start(["npm", "run", "--silent", command, "--", "--stack", project.stack, ...args]).outcome;
}
