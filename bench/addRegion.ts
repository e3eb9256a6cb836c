import { type Project, regionFile, succeeded } from "../test/support/project";
import { eventually } from "../test/support/wait";
import { removeTwin, startTwin } from "./engineTwin";
import { median, printRatio, spread, timed } from "./figures";

const ROUNDS = 3;
const GOAL = 3;
const FIRST_SLOT = 10;

/** From a region's file to its first answer through the gateway, against the bare Engine API. */
export async function addRegion(project: Project): Promise<void> {
  // Ours does not wait for Docker's health tests; the other one does, and shall not for long.
  project.writeSettings({ "nexus:healthIntervalSeconds": 2 });
  project.addRegion(regionFile("aurora", 1));
  project.addRegion(regionFile("borealis", 2));
  await project.up();

  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = `added-${round}`;
    const slot = FIRST_SLOT + 2 * round;
    project.addRegion(regionFile(name, slot));
    const up = project.cli(["up", "--stack", project.stack, "--yes"]);
    ours.push((await timed(() => answers(project, name))).seconds);
    succeeded(await up);

    const twin = { project, model: name, name: `twin-${round}`, slot: slot + 1 };
    try {
      const both = await timed(async () => {
        await startTwin(twin);
        await answers(project, twin.name);
      });
      peer.push(both.seconds);
    } finally {
      await removeTwin(twin);
    }
  }
  console.log(`npm run up      ${spread(ours)}`);
  console.log(`Engine API      ${spread(peer)}`);
  printRatio("add-region", median(ours) / median(peer), GOAL);
}

async function answers(project: Project, region: string): Promise<void> {
  await eventually(
    `region ${region} answers`,
    async () => {
      const response = await fetch(`${project.url}/api/v1/regions/${region}/status`);
      await response.arrayBuffer();
      return response.ok ? true : undefined;
    },
    { pauseMs: 50 },
  );
}
