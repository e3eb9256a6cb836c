import { containerOf, docker } from "../test/support/containers";
import { percentile, startLoad } from "../test/support/load";
import { emptyDisk, fillMost, NOISES, startNoise } from "../test/support/noise";
import { type Project, regionFile } from "../test/support/project";
import { pause } from "../test/support/wait";
import { median } from "./figures";

const NOISY = "aurora";
const NEIGHBOUR = "borealis";
const MEASURED_MS = 4000;
const ROUNDS = 3;
/**
 * A health check costs some 25 ms of its container's CPU. A cache of the smallest region has 8 ms of each 100, so that
 * its own checks make the slowest answers (80 ms), and would hide what a neighbour does to it.
 */
const AMPLE = { cpu: 4, memory: "2GB", disk: "10GB" };

/** A neighbour's slowest answers (99th percentile) while a region burns all it has, against those in silence. */
export async function noise(project: Project): Promise<void> {
  project.addRegion(regionFile(NOISY, 1));
  project.addRegion(regionFile(NEIGHBOUR, 2, { resources: AMPLE }));
  await project.up();
  await latency(project);
  for (const kind of Object.keys(NOISES) as (keyof typeof NOISES)[]) {
    const silent: number[] = [];
    const noisy: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      silent.push(await latency(project));
      noisy.push(await latencyBeside(project, kind));
    }
    const ratio = (median(noisy) / median(silent)).toFixed(2);
    console.log(`${kind.padEnd(10)} silent ${ms(silent)}   noisy ${ms(noisy)}   ratio ${ratio}`);
  }
}

/** The same while the other region makes noise. @throws Error when the noise did not go on throughout */
async function latencyBeside(project: Project, kind: keyof typeof NOISES): Promise<number> {
  const { roles, script } = NOISES[kind];
  const containers = await Promise.all(roles.map((role) => containerOf(project, `region-${NOISY}-${role}`)));
  const ids = containers.map(({ id }) => id);
  try {
    if (kind === "disk") for (const id of ids) await fillMost(id);
    const running = await Promise.all(ids.map((id) => startNoise(id, script)));
    const measured = await latency(project);
    for (const one of running) if (!(await one.goesOn())) throw new Error(`The ${kind} noise ended.`);
    return measured;
  } finally {
    for (const id of ids) await docker.getContainer(id).restart({ t: 0 });
    if (kind === "disk") for (const id of ids) await emptyDisk(id);
  }
}

/** The neighbour's 99th percentile over some seconds of requests, in milliseconds. @throws Error when one failed */
async function latency(project: Project): Promise<number> {
  const load = startLoad(project.url, `/api/v1/regions/${NEIGHBOUR}/status`, { connections: 4, pauseMs: 20 });
  await pause(MEASURED_MS);
  const seen = await load.stop();
  if (seen.failures.length > 0) throw new Error(`Requests failed: ${seen.failures.join(", ")}`);
  return percentile(seen, 0.99);
}

function ms(values: number[]): string {
  return `${median(values).toFixed(1)} ms (${values.map((value) => value.toFixed(1)).join(", ")})`;
}
