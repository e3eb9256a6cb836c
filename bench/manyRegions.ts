import { DISK_ROLE } from "../catalog/keeper";
import type { UpOutcome } from "../operations/deploy/up";
import type { Outcome } from "../test/support/command";
import { containersOf, docker } from "../test/support/containers";
import { pretendLargerHost } from "../test/support/largerHost";
import { type Project, regionFile } from "../test/support/project";

/** How many regions are added by one `up`: their containers start side by side and are paused after it. */
const BATCH = 10;
const UP_LIMIT_MS = 15 * 60_000;

/** Name of the region in a slot. */
export function regionName(slot: number): string {
  return `region-${String(slot).padStart(3, "0")}`;
}

/**
 * Adds regions until there are so many, in slots from 1 on. Their containers are paused: the health checks of
 * hundreds of them would be what a benchmark measures.
 */
export async function growTo(project: Project, size: number): Promise<void> {
  pretendLargerHost(project);
  for (let regions = project.platform.regions.length; regions < size; ) {
    const added = Math.min(BATCH, size - regions);
    for (let slot = regions + 1; slot <= regions + added; slot += 1) {
      project.addRegion(regionFile(regionName(slot), slot));
    }
    wentUp(await project.cli(project.upCommand, { limitMs: UP_LIMIT_MS }));
    const containers = [...(await containersOf(project)).values()];
    await Promise.all(
      containers
        // The keeper of the disks works for every `up`.
        .filter(({ role, info }) => role !== DISK_ROLE && info.State.Running && !info.State.Paused)
        .map(({ id }) => docker.getContainer(id).pause()),
    );
    regions += added;
  }
}

/**
 * Throws unless this `up --json` did what it should. Its exit code will not do: it tells of the paused containers, too.
 */
export function wentUp({ stdout, output }: Outcome): void {
  const { result } = JSON.parse(stdout || "{}") as Partial<UpOutcome>;
  if (result !== "succeeded") throw new Error(output);
}
