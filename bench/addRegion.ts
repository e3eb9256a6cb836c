import { type Project, regionFile, succeeded } from "../test/support/project";
import { eventually } from "../test/support/wait";
import { COMPOSE } from "./composeTwin";
import { ENGINE_API } from "./engineTwin";
import { median, printRatio, spread, timed } from "./figures";
import type { Peer } from "./regionTwin";

const ROUNDS = 3;
const FIRST_SLOT = 10;

/** From a region's file to its first answer through the gateway, against the bare Engine API. */
export async function addRegion(project: Project): Promise<void> {
  await against(ENGINE_API, project, { intervalSeconds: 2, goal: 1.8 });
}

/** The same against Docker Compose, whose health tests come as often as anybody would let them. */
export async function compose(project: Project): Promise<void> {
  await against(COMPOSE, project, { intervalSeconds: 1, goal: 1.5 });
}

/**
 * Adds regions and twins of them in turn.
 * @param intervalSeconds of the peer's health tests: it waits for them, and shall not for long. Ours has the default.
 */
async function against(
  peer: Peer,
  project: Project,
  { intervalSeconds, goal }: { intervalSeconds: number; goal: number },
): Promise<void> {
  project.addRegion(regionFile("aurora", 1));
  project.addRegion(regionFile("borealis", 2));
  await project.up();

  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const slot = FIRST_SLOT + 2 * round;
    ours.push(await addOurs(project, `added-${round}`, slot));

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
