import { type Project, regionFile, succeeded } from "../test/support/project";
import { eventually } from "../test/support/wait";
import { COMPOSE } from "./composeTwin";
import { ENGINE_API } from "./engineTwin";
import { median, printRatio, spread, timed } from "./figures";
import type { Peer } from "./regionTwin";

const ROUNDS = 3;
const FIRST_SLOT = 10;
/** Ours does not wait for Docker's health tests; who does shall not wait long. */
const PEER_INTERVAL_SECONDS = 2;

/** From a region's file to its first answer through the gateway, against the bare Engine API. */
export async function addRegion(project: Project): Promise<void> {
  const first = await against(ENGINE_API, project, { intervalSeconds: PEER_INTERVAL_SECONDS, goal: 1.8 });

  // Production's interval, which is the default.
  project.writeSettings();
  for (const name of first.added) project.removeRegion(name);
  await project.up();
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    ours.push(await addOurs(project, `late-${round}`, FIRST_SLOT + round));
  console.log(`npm run up, production's health interval   ${spread(ours)}`);
  printRatio("add-region, production's health interval", median(ours) / first.ours, 1.1);
}

/** The same against Docker Compose, whose health tests come as often as anybody would let them. */
export async function compose(project: Project): Promise<void> {
  await against(COMPOSE, project, { intervalSeconds: 1, goal: 1.5 });
}

/** Adds regions and twins of them in turn. @returns the median of ours, and the names of the regions that were added */
async function against(
  peer: Peer,
  project: Project,
  { intervalSeconds, goal }: { intervalSeconds: number; goal: number },
): Promise<{ ours: number; added: string[] }> {
  project.writeSettings({ "nexus:healthIntervalSeconds": PEER_INTERVAL_SECONDS });
  project.addRegion(regionFile("aurora", 1));
  project.addRegion(regionFile("borealis", 2));
  await project.up();

  const [ours, theirs, added]: [number[], number[], string[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const slot = FIRST_SLOT + 2 * round;
    const name = `added-${round}`;
    ours.push(await addOurs(project, name, slot));
    added.push(name);

    const twin = {
      ...{ project, model: "aurora", name: `twin-${round}`, slot: slot + 1 },
      healthIntervalSeconds: intervalSeconds,
    };
    await peer.prepare(twin);
    try {
      const both = await timed(async () => {
        await peer.start(twin);
        await answers(project, twin.name);
      });
      theirs.push(both.seconds);
    } finally {
      await peer.remove(twin);
    }
  }
  console.log(`npm run up          ${spread(ours)}`);
  console.log(`${peer.name.padEnd(18)}  ${spread(theirs)}`);
  printRatio(`add-region, ${peer.name}`, median(ours) / median(theirs), goal);
  return { ours: median(ours), added };
}

/** Seconds from the region's file to its first answer. */
async function addOurs(project: Project, name: string, slot: number): Promise<number> {
  project.addRegion(regionFile(name, slot));
  const up = project.cli(["up", "--stack", project.stack, "--yes"]);
  const { seconds } = await timed(() => answers(project, name));
  succeeded(await up);
  return seconds;
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
