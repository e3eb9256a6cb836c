import { limitsByRole, regionBudget } from "../catalog/regionBudget";
import { applyLimits } from "../components/resize";
import type { ReadLimits } from "../operations/verify/cgroup";
import type { RegionResources } from "../regions/model";
import { containersOf, docker } from "../test/support/containers";
import { limitsReader } from "../test/support/kernel";
import { PLAYERS, type Project, regionFile } from "../test/support/project";
import type { TestRun } from "../test/support/run";
import { sleepingImages } from "../test/support/sleepingImage";
import { eventually } from "../test/support/wait";
import { median, spread, timed } from "./figures";
import { growTo, regionName, wentUp } from "./manyRegions";

const SIZES = [2, 20];
const ROUNDS = 3;
const GB = 1e9;
const RESIZED = regionName(1);

/** Seconds from `npm run up` to the new quota of a region's five containers, against the bare Engine API. */
export async function resize(project: Project, run: TestRun): Promise<void> {
  project.writeSettings(await sleepingImages(run));
  for (const size of SIZES) {
    await growTo(project, size);
    const ids = await wake(project);
    const readers = await readersOf(ids);
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const larger = resources(2000 + 100 * round);
      write(project, larger);
      const up = project.cli(["up", "--stack", project.stack, "--yes", "--json"]);
      ours.push((await timed(() => reached(readers, larger))).seconds);
      wentUp(await up);

      const smaller = resources(1000 + 100 * round);
      const both = await timed(async () => {
        await byEngine(ids, smaller);
        await reached(readers, smaller);
      });
      floor.push(both.seconds);
      // What the state says must be what the containers have before the next round.
      await byEngine(ids, larger);
    }
    const ratio = (median(ours) / median(floor)).toFixed(0);
    console.log(
      `${String(size).padStart(3)} regions   npm run up ${spread(ours)}   Engine API ${spread(floor)}   ${ratio} x`,
    );
  }
}

export function resources(cpuMillis: number): RegionResources {
  return { cpuMillis, memoryBytes: (2 + cpuMillis / 1000) * GB, diskBytes: 10 * GB };
}

export function write(project: Project, { cpuMillis, memoryBytes }: RegionResources): void {
  const size = { cpu: cpuMillis / 1000, memory: `${memoryBytes / GB}GB`, disk: "10GB" };
  project.addRegion(regionFile(RESIZED, 1, { resources: size }));
}

/** The resized region's containers run, so that its services can be told. */
export async function wake(project: Project): Promise<Map<string, string>> {
  const own = [...(await containersOf(project)).values()].filter(({ region }) => region === RESIZED);
  for (const { id, info } of own) if (info.State.Paused) await docker.getContainer(id).unpause();
  return new Map(own.map(({ role, id }) => [role, id]));
}

export async function readersOf(ids: Map<string, string>): Promise<Map<string, () => ReadLimits>> {
  const all = [...ids].map(async ([role, id]) => [role, await limitsReader(id)] as const);
  return new Map(await Promise.all(all));
}

/** Waits until the kernel itself, and not only the Engine's record of it, has the new CPU quota of every container. */
export async function reached(
  readers: Map<string, () => ReadLimits>,
  wanted: RegionResources,
): Promise<void> {
  const wantedLimits = limitsByRole(regionBudget(wanted, PLAYERS));
  await eventually(
    "the kernel has the new quota of all containers",
    () =>
      wantedLimits.every(([role, { cpuMillis }]) => readers.get(role)?.().cpuMillis === cpuMillis) ||
      undefined,
    { pauseMs: 10 },
  );
}

async function byEngine(ids: Map<string, string>, wanted: RegionResources): Promise<void> {
  const wantedLimits = limitsByRole(regionBudget(wanted, PLAYERS));
  await Promise.all(wantedLimits.map(([role, limits]) => applyLimits(docker, ids.get(role) ?? "", limits)));
}
