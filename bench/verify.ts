import { judge, lookAt } from "../cli/verify/verify";
import { run as runCommand } from "../test/support/command";
import { docker } from "../test/support/containers";
import { Project, regionFile, succeeded } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { median, spread, timed } from "./figures";
import { sleepingImages } from "./sleepingImage";

/** How many regions are added by one `up`. */
const BATCH = 10;
const ROUNDS = 3;
const UP_LIMIT_MS = 15 * 60_000;
const GOAL = 0.1;

/**
 * Is everything as declared? `npm run verify` against what Pulumi has for that question, on the same running stack.
 * Containers sleep and take a few MB each; all of them run, because both sides look at what runs.
 * @param regions how many; 20 take about five minutes to come up on two cores, 60 about twenty
 */
export async function verify(run: TestRun, regions: number): Promise<void> {
  const project = await Project.make(run, "y", docker);
  try {
    project.writeSettings({
      "nexus:imageOverrides": await sleepingImages(run),
      // Checks of hundreds of containers every few seconds would be what is measured.
      "nexus:healthIntervalSeconds": Math.min(60, Math.max(10, Math.ceil(regions / 2))),
    });
    for (let slot = 1; slot <= regions; slot += 1) {
      project.addRegion(regionFile(`region-${String(slot).padStart(3, "0")}`, slot));
      if (slot % BATCH !== 0 && slot !== regions) continue;
      succeeded(await project.cli(["up", "--stack", project.stack, "--yes"], { limitMs: UP_LIMIT_MS }));
    }
    const env = await project.pulumiEnv();
    const refresh = ["preview", "--refresh", "--stack", project.stack, "--non-interactive"];
    const ours: number[] = [];
    const inside: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const command = await timed(() => project.cli(["verify", "--stack", project.stack]));
      succeeded(command.value);
      ours.push(command.seconds);
      const look = await timed(() => lookAt(project.platform, project.dir, docker, "do not count"));
      if (judge(project.stack, look.value).gaps.length > 0) throw new Error("verify found a gap");
      inside.push(look.seconds);
      const peer = await timed(() =>
        runCommand("pulumi", refresh, { cwd: project.dir, env, limitMs: UP_LIMIT_MS }),
      );
      succeeded(peer.value);
      theirs.push(peer.seconds);
    }
    console.log(`${regions} regions, ${6 + 5 * regions} containers`);
    console.log(`npm run verify              ${spread(ours)}`);
    console.log(`  of it, as \`up\` ends       ${median(inside).toFixed(2)} s`);
    console.log(`pulumi preview --refresh    ${spread(theirs)}`);
    console.log(
      `ratio                       ${(median(ours) / median(theirs)).toFixed(3)} (goal: at most ${GOAL})`,
    );
  } finally {
    await project.remove(docker);
  }
}
