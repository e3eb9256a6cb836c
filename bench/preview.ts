import { type Project, succeeded } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { sleepingImages } from "../test/support/sleepingImage";
import { median, spread, timed } from "./figures";
import { growTo } from "./manyRegions";

const SIZES = [2, 20, 60];
const ROUNDS = 3;

/** How long a preview without changes takes as the stack grows. */
export async function preview(project: Project, run: TestRun): Promise<void> {
  project.writeSettings(await sleepingImages(run));
  let first = 0;
  for (const size of SIZES) {
    await growTo(project, size);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const one = () => project.cli(["preview", "--stack", project.stack, "--expect-no-changes"]);
      const { seconds, value } = await timed(one);
      succeeded(value);
      times.push(seconds);
    }
    first ||= median(times);
    const ratio = (median(times) / first).toFixed(1);
    console.log(`${String(size).padStart(3)} regions   ${spread(times)}   ${ratio} x the first`);
  }
}
