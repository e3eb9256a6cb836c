import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ChangingRegions, type Done, KINDS, type Kind } from "../support/changes";
import { containerOf, docker, objectsOf } from "../support/containers";
import { pretendLargerHost } from "../support/largerHost";
import { Project } from "../support/project";
import { sleepingImages } from "../support/sleepingImage";
import { engineSuite } from "../support/suite";
import { eventually, pause } from "../support/wait";

/** What happens to the first `up` after a change; another one finishes it. */
type Interruption = "undisturbed" | "killed" | "fails";

/** One edit of the files, of one or several regions, and how its first `up` goes. */
interface Step {
  kinds: readonly Kind[];
  interruption: Interruption;
  /** Picks regions and sizes. */
  pick: number;
  /** When a killed `up` is killed; without it, as soon as a container of the added region is there. */
  killAfterMs?: number;
}

/** Every kind of change and every interruption, in as few steps as there are ends of an `up`. Always run. */
const SCHEDULE: Omit<Step, "pick">[] = [
  { kinds: ["add", "scale up"], interruption: "killed" },
  { kinds: ["scale down", "players"], interruption: "fails" },
  { kinds: ["remove", "game"], interruption: "undisturbed" },
];
const pick = fc.nat(1000);
const anyStep: fc.Arbitrary<Step> = fc.record({
  kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 3 }),
  interruption: fc.constantFrom("undisturbed" as const, "killed" as const, "fails" as const),
  pick,
  killAfterMs: fc.integer({ min: 1500, max: 8000 }),
});

/**
 * How many steps one run makes, at least those of the schedule. NEXUS_RANDOM_CHANGES=100 is the long form: what comes
 * after the schedule is random, and it tells how far it is.
 */
const CHANGES = Math.max(Number(process.env.NEXUS_RANDOM_CHANGES ?? 0), SCHEDULE.length);

engineSuite(`${CHANGES} changes at random`, (run) => {
  let project: Project;
  let regions: ChangingRegions;
  const seed = Number(process.env.NEXUS_RANDOM_SEED ?? Date.now() % 1_000_000);

  beforeAll(async () => {
    project = await Project.make(run, "x", docker);
    project.writeSettings(await sleepingImages(run));
    // Regions that sleep need little, and admission counts what they were sold.
    pretendLargerHost(project);
    regions = new ChangingRegions(project);
    await project.up();
  });
  afterAll(() => project?.remove(docker));

  function steps(): Step[] {
    const picks = fc.sample(pick, { numRuns: SCHEDULE.length, seed });
    const rest = CHANGES - SCHEDULE.length;
    return [
      ...SCHEDULE.map((step, index) => ({ ...step, pick: picks[index] ?? 0 })),
      ...(rest > 0 ? fc.sample(anyStep, { numRuns: rest, seed }) : []),
    ];
  }

  /** An `up` that is killed half-way: at a time, or when Docker has a container of a region. */
  async function killUp(added: string | undefined, afterMs: number | undefined): Promise<void> {
    const running = project.startCli(project.upCommand);
    if (afterMs !== undefined) await pause(afterMs);
    else {
      await eventually(
        `a container of ${added}`,
        async () =>
          (await objectsOf(project)).containers.some((name) => name.startsWith(`region-${added}-`)) ||
          undefined,
        { pauseMs: 30 },
      );
    }
    running.kill();
    const { code, output } = await running.outcome;
    // A time may be too late for a small change; a point is not.
    if (afterMs === undefined) expect(code, `it must not have ended by itself:\n${output}`).toBe(-1);
  }

  /**
   * An `up` that fails half-way: the resized cache is paused, so that it cannot be told of its new memory. A smaller one
   * is refused before.
   */
  async function failUp(scaled: string): Promise<void> {
    const { id } = await containerOf(project, `region-${scaled}-cache`);
    await docker.getContainer(id).pause();
    const { code, output } = await project.cli(project.upCommand);
    await docker.getContainer(id).unpause();
    expect([1, 2], `it must fail\n${output}`).toContain(code);
    expect(output).toMatch(/is paused/);
    const left = (await project.preview()).map(({ name }) => name);
    expect(left).toContain(`region-${scaled}-cache-container`);
  }

  /** Another `up` finishes whatever the interrupted one left. */
  async function expectAsDeclared(what: string): Promise<void> {
    const outcome = await project.cli(project.upCommand);
    expect(outcome.code, `${what}\n${outcome.output}`).toBe(0);
    const verified = await project.cli(["verify", "--stack", project.stack]);
    expect(verified.code, `${what}\n${verified.output}`).toBe(0);
    expect(await project.preview(), what).toEqual([]);
  }

  /** The first `up` of a step. Returns what became of it. */
  async function interrupt({ interruption, killAfterMs }: Step, done: Done[]): Promise<Interruption> {
    const scaled = done.find(({ kind }) => kind.startsWith("scale"))?.name;
    if (interruption === "killed") {
      await killUp(done.find(({ kind }) => kind === "add")?.name, killAfterMs);
    } else if (interruption === "fails") {
      // Only what is resized can fail in this way.
      if (scaled === undefined) return "undisturbed";
      await failUp(scaled);
    }
    return interruption;
  }

  it("leave nothing to do and no drift after any of them", { timeout: CHANGES * 900_000 }, async () => {
    const seen = new Set<string>();
    for (const [index, step] of steps().entries()) {
      const done = regions.apply(step.kinds, step.pick);
      const what = `seed ${seed}, change ${index + 1}: ${done.map(({ text }) => text).join(", ")}, ${step.interruption}`;
      seen.add(await interrupt(step, done));
      await expectAsDeclared(what);
      for (const { kind } of done) seen.add(kind);
      if (CHANGES > 10) console.log(`${new Date().toISOString()} as declared after ${what}`);
    }
    expect([...seen].sort()).toEqual([...KINDS, "undisturbed", "killed", "fails"].sort());
  });
});
