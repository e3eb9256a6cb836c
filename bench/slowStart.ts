import { type Container, containerOf, docker } from "../test/support/containers";
import { Project, regionFile } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { slowServer } from "../test/support/slowServer";
import { printRatio, seconds, timed } from "./figures";

/** CPU-seconds, as measured of the real game. */
const SLOWNESS = { server: 20, worker: 15, health: 0.3 };
const GOAL = 1.5;
const THREE = ["alpha", "beta", "gamma"];

/** How long slow servers take, and whether a whole stack of them comes up at the first try. */
export async function slowStart(project: Project, run: TestRun): Promise<void> {
  const slow = await slowServer(run, SLOWNESS);
  try {
    await oneRegion(project, slow.settings);
    await wholeStack(run, slow.settings);
  } finally {
    await slow.remove();
  }
}

/** From the first start of a smallest region's server and worker until both work, against that on its whole CPU. */
async function oneRegion(project: Project, settings: Record<string, unknown>): Promise<void> {
  project.writeSettings(settings);
  // The Nexus is up before, and does not want the host's CPUs any more.
  await project.up();
  project.addRegion(regionFile("aurora", 1));
  const { seconds: whole } = await timed(() => project.up());
  const both = await Promise.all(
    ["server", "worker"].map((role) => containerOf(project, `region-aurora-${role}`)),
  );
  const begun = Math.min(...both.map(({ startedAt }) => Date.parse(startedAt)));
  const ready = await Promise.all(both.map(readyAt));
  const took = (Math.max(...ready) - begun) / 1000;
  const least = SLOWNESS.server + SLOWNESS.worker;
  console.log(`the region's whole CPU would take   ${seconds(least)}`);
  console.log(`server and worker took              ${seconds(took)}, the whole \`up\` ${seconds(whole)}`);
  printRatio("slow-start", took / least, GOAL);
}

/** @throws Error when a container is given up, or has another limit than its own afterwards */
async function wholeStack(run: TestRun, settings: Record<string, unknown>): Promise<void> {
  const project = await Project.make(run, "s", docker);
  try {
    project.writeSettings(settings);
    for (const [index, name] of THREE.entries()) project.addRegion(regionFile(name, index + 1));
    const { seconds: took, value } = await timed(() => project.up());
    if (value.verify?.result !== "ok") throw new Error(`Not as declared: ${JSON.stringify(value.verify)}`);
    console.log(
      `Nexus and ${THREE.length} regions from nothing   ${seconds(took)}, every limit back at its own`,
    );
  } finally {
    await project.remove(docker);
  }
}

/** When its process says that it works; its health test knows later. */
async function readyAt({ id, name }: Container): Promise<number> {
  const log = (await docker.getContainer(id).logs({ stdout: true, stderr: true })).toString();
  const time = /"time":"([^"]+)"[^\n]*"message":"started"/.exec(log)?.[1];
  if (time === undefined) throw new Error(`${name} does not say when it was ready.`);
  return Date.parse(time);
}
