import { judge, lookAt, type Verification } from "../operations/verify/verify";
import { run as runCommand } from "../test/support/command";
import { docker } from "../test/support/containers";
import { type Project, succeeded } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { sleepingImages } from "../test/support/sleepingImage";
import { median, printRatio, spread, timed } from "./figures";
import { growTo } from "./manyRegions";

const ROUNDS = 3;
const LIMIT_MS = 15 * 60_000;
const GOAL = 0.1;

/**
 * Is everything as declared? `npm run verify` against what Pulumi has for that question, on the same running stack.
 * Its containers sleep, take a few MB each and are paused: the kernel's files are there as for any that runs.
 * @param regions how many there are; they take a while to come up
 */
export async function verify(
  project: Project,
  run: TestRun,
  { regions }: { regions: number },
): Promise<void> {
  project.writeSettings(await sleepingImages(run));
  await growTo(project, regions);
  const env = await project.pulumiEnv();
  const refresh = ["preview", "--refresh", "--stack", project.stack, "--non-interactive"];
  const ours: number[] = [];
  const inside: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const command = await timed(() => project.cli(["verify", "--stack", project.stack, "--json"]));
    onlyPaused(command.value.stdout);
    ours.push(command.seconds);
    const look = await timed(async () =>
      judge(project.stack, await lookAt(project.platform, docker, "do not count")),
    );
    inside.push(look.seconds);
    const peer = await timed(() =>
      runCommand("pulumi", refresh, { cwd: project.dir, env, limitMs: LIMIT_MS }),
    );
    succeeded(peer.value);
    theirs.push(peer.seconds);
  }
  console.log(`${regions} regions, ${project.platform.desired.containers.length} containers`);
  console.log(`npm run verify              ${spread(ours)}`);
  console.log(`  of it, as \`up\` ends       ${median(inside).toFixed(2)} s`);
  console.log(`pulumi preview --refresh    ${spread(theirs)}`);
  printRatio("verify", median(ours) / median(theirs), GOAL);
}

/** That is the only thing which is not as declared here. */
function onlyPaused(stdout: string): void {
  const { drift } = JSON.parse(stdout) as Verification;
  const others = drift.filter(({ enforced }) => enforced !== "paused");
  if (drift.length === 0 || others.length > 0) throw new Error(`unexpected drift: ${JSON.stringify(others)}`);
}
