import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UpOutcome } from "../../operations/deploy/up";
import { type Probe, probeAll } from "../../operations/verify/probe";
import { docker, objectsOf } from "./containers";
import { Project, regionFile } from "./project";
import type { TestRun } from "./run";

/** Regions of the shared stack. */
export const REGIONS = ["alpha", "beta"] as const;

/** The stack that most files look at, and what was seen when it came up. */
export interface Shared {
  project: Project;
  /** The first `up`. */
  first: UpOutcome;
  /** What each printed address answered right after it. */
  answers: Probe[];
  /** What Docker held then. */
  objects: Awaited<ReturnType<typeof objectsOf>>;
}

/** Files run two at a time: each of the two has a stack of its own. */
const LETTER = `s${process.env.VITEST_POOL_ID}`;

/**
 * A stack with two regions for the files of a run, brought up by the first that asks. Whoever changes it puts it back.
 */
export async function sharedStack(run: TestRun): Promise<Shared> {
  const record = join(run.root, `shared-${LETTER}.json`);
  if (existsSync(record)) {
    const seen = JSON.parse(readFileSync(record, "utf8")) as Omit<Shared, "project"> & { failed?: true };
    if (seen.failed)
      throw new Error("The shared stack did not come up; the first file that needed it says why.");
    return { project: Project.attach(run, LETTER), ...seen };
  }
  // Whoever asks after a failure shall not wait for a second one.
  writeFileSync(record, JSON.stringify({ failed: true }));
  const project = await Project.make(run, LETTER, docker);
  for (const [index, name] of REGIONS.entries()) project.addRegion(regionFile(name, index + 1));
  const first = await project.up();
  const answers = await probeAll(first.addresses, 0);
  const seen = { first, answers, objects: await objectsOf(project) };
  writeFileSync(record, JSON.stringify(seen));
  return { project, ...seen };
}
