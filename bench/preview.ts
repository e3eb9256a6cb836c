import { docker } from "../test/support/containers";
import { Project, regionFile, succeeded } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { median, spread, timed } from "./figures";
import { sleepingImages } from "./sleepingImage";

const SIZES = [2, 20, 60];
/** How many regions are added by one `up`: their containers start side by side and are stopped again after it. */
const BATCH = 10;
const ROUNDS = 3;
const UP_LIMIT_MS = 15 * 60_000;

/** How long a preview without changes takes as the stack grows. */
export async function preview(run: TestRun): Promise<void> {
  const project = await Project.make(run, "p", docker);
  try {
    project.writeSettings({
      "nexus:imageOverrides": await sleepingImages(run),
      "nexus:healthIntervalSeconds": 3,
    });
    let first = 0;
    let regions = 0;
    for (const size of SIZES) {
      while (regions < size) {
        const added = Math.min(BATCH, size - regions);
        for (let slot = regions + 1; slot <= regions + added; slot += 1) {
          project.addRegion(regionFile(`region-${String(slot).padStart(3, "0")}`, slot));
        }
        succeeded(await project.cli(["up", "--stack", project.stack, "--yes"], { limitMs: UP_LIMIT_MS }));
        await stopAll(project);
        regions += added;
      }
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
  } finally {
    await project.remove(docker);
  }
}

/** Health checks of hundreds of containers would be what is measured; a preview does not look at containers. */
async function stopAll({ prefix }: Project): Promise<void> {
  const running = await docker.listContainers();
  const own = running.filter(({ Names }) => Names[0]?.startsWith(`/${prefix}`));
  await Promise.all(own.map(({ Id }) => docker.getContainer(Id).kill()));
}
