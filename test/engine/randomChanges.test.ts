import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sleepingImages } from "../../bench/sleepingImage";
import { docker } from "../support/containers";
import { Project, regionFile } from "../support/project";
import { engineSuite } from "../support/suite";
import { pause } from "../support/wait";

/** How many changes one run makes. Set NEXUS_RANDOM_CHANGES=100 for the long form; it takes about an hour and tells how far it is. */
const CHANGES = Number(process.env.NEXUS_RANDOM_CHANGES ?? 3);
const MOST_REGIONS = 5;
const CPUS = [1, 1.5, 2, 4];
const MEMORIES = ["2GB", "3GB", "4GB", "6GiB"];
const DISKS = ["10GB", "11GB", "12GB"];

interface Size {
  cpu: number;
  memory: string;
  disk: string;
}

/** One change of the files: what it does is decided by what there is when its turn comes. */
interface Change {
  kind: "add" | "scale" | "remove";
  /** Picks the region. */
  pick: number;
  size: { cpu: number; memory: number; disk: number };
  /** Milliseconds after which this `up` is killed, before another one finishes it. */
  killAfterMs?: number;
}

const change: fc.Arbitrary<Change> = fc.record(
  {
    kind: fc.constantFrom("add", "scale", "scale", "remove"),
    pick: fc.nat(1000),
    size: fc.record({ cpu: fc.nat(3), memory: fc.nat(3), disk: fc.nat(2) }),
    killAfterMs: fc.integer({ min: 1500, max: 8000 }),
  },
  { requiredKeys: ["kind", "pick", "size"] },
);

engineSuite(`${CHANGES} changes at random`, (run) => {
  let project: Project;
  const regions = new Map<string, { slot: number; size: Size }>();
  const seed = Number(process.env.NEXUS_RANDOM_SEED ?? Date.now() % 1_000_000);

  beforeAll(async () => {
    project = await Project.make(run, "x", docker);
    project.writeSettings(await sleepingImages(run));
    put("region-1", 1, { cpu: 1, memory: "2GB", disk: "10GB" });
    await project.up();
  });
  afterAll(() => project?.remove(docker));

  function put(name: string, slot: number, size: Size): void {
    regions.set(name, { slot, size });
    project.addRegion(regionFile(name, slot, { resources: size }));
  }

  /** Applies a change to the files and says what it was. */
  function apply({ kind, pick, size }: Change): string {
    const names = [...regions.keys()];
    const name = names[pick % names.length] ?? "";
    const wanted = {
      cpu: CPUS[size.cpu] ?? 1,
      memory: MEMORIES[size.memory] ?? "2GB",
      disk: DISKS[size.disk] ?? "10GB",
    };
    if (regions.size === 0 || (kind === "add" && regions.size < MOST_REGIONS)) {
      const slots = Array.from({ length: MOST_REGIONS }, (_, index) => index + 1);
      const free = slots.filter((slot) => ![...regions.values()].some((region) => region.slot === slot));
      const slot = free[pick % free.length] ?? 1;
      // A name that was there before finds its data, whose disk never shrinks: it comes back with the largest.
      put(`region-${slot}`, slot, { ...wanted, disk: "12GB" });
      return `add region-${slot}`;
    }
    if (kind === "remove") {
      regions.delete(name);
      project.removeRegion(name);
      return `remove ${name}`;
    }
    const { slot, size: now } = regions.get(name) ?? { slot: 1, size: wanted };
    const disk = [now.disk, wanted.disk].sort().at(-1) ?? now.disk;
    put(name, slot, { ...wanted, disk });
    return `scale ${name} to ${JSON.stringify({ ...wanted, disk })}`;
  }

  it("leave nothing to do and no gap after any of them", { timeout: CHANGES * 90_000 }, async () => {
    for (const [index, one] of fc.sample(change, { numRuns: CHANGES, seed }).entries()) {
      const what = `seed ${seed}, change ${index + 1}: ${apply(one)}${one.killAfterMs ? `, killed after ${one.killAfterMs} ms` : ""}`;
      if (one.killAfterMs !== undefined) {
        const running = project.startCli(project.upCommand);
        await pause(one.killAfterMs);
        running.kill();
        await running.outcome;
      }
      const outcome = await project.cli(project.upCommand);
      expect(outcome.code, `${what}\n${outcome.output}`).toBe(0);
      const verified = await project.cli(["verify", "--stack", project.stack]);
      expect(verified.code, `${what}\n${verified.output}`).toBe(0);
      expect(await project.preview(), what).toEqual([]);
      if (CHANGES > 10) console.log(`${new Date().toISOString()} as declared after ${what}`);
    }
  });
});
