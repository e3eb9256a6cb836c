import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCache } from "../../../setup/cache";
import type { Context } from "../../../setup/context";
import { Interrupted, SetupProblem } from "../../../setup/problems";
import { planAll, runAll, type Step } from "../../../setup/runner";

let folder: string;
let events: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-runner-"));
  mkdirSync(join(folder, "locks"));
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function contextWith(signal: AbortSignal): Context {
  const ui = { say() {}, begin() {}, status() {}, end() {}, close() {} };
  return {
    cache: openCache({ NEXUS_CACHE: folder }),
    ui,
    signal,
    found: {},
    checkoutId: "c",
  } as unknown as Context;
}
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

interface Sketch {
  after?: string[];
  done?: boolean;
  work?: (signal: AbortSignal) => Promise<void>;
  problem?: string;
  neverDone?: boolean;
}
function step(name: string, { after, done = false, work, problem, neverDone = false }: Sketch = {}): Step {
  let finished = done;
  return {
    name,
    after,
    async plan() {
      if (problem) throw new SetupProblem(problem);
      return finished ? undefined : `do ${name}`;
    },
    async run({ signal }) {
      events.push(`${name} starts`);
      await work?.(signal);
      finished = !neverDone;
      events.push(`${name} ends`);
    },
  };
}
async function go(steps: Step[], signal = new AbortController().signal) {
  const context = contextWith(signal);
  const { work } = await planAll(steps, context);
  await runAll(work, context);
}
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((_, fail) =>
    signal.addEventListener("abort", () => {
      events.push("told to stop");
      fail(new Interrupted());
    }),
  );

describe("planAll", () => {
  it("says what is left to do, in the given order, and leaves out what is done", async () => {
    const steps = [step("a"), step("b", { done: true }), step("c", { after: ["b", "unknown"] })];
    const { work, problems } = await planAll(steps, contextWith(new AbortController().signal));
    expect(work.map(({ todo }) => todo)).toEqual(["do a", "do c"]);
    expect(problems).toEqual([]);
    expect(events).toEqual([]);
  });

  it("collects every reason why a machine cannot be used", async () => {
    const steps = [
      step("a", { problem: "no npm" }),
      step("b", { problem: "no docker", after: ["a"] }),
      step("c"),
    ];
    const { problems } = await planAll(steps, contextWith(new AbortController().signal));
    expect(problems).toEqual(["no npm", "no docker"]);
  });

  it("passes on an error that is not about the machine", async () => {
    const broken: Step = { ...step("a"), plan: () => Promise.reject(new TypeError("a mistake")) };
    await expect(planAll([broken], contextWith(new AbortController().signal))).rejects.toThrow("a mistake");
  });
});

describe("runAll", () => {
  it("runs independent steps side by side and dependent ones in order", async () => {
    const slow = () => pause(60);
    await go([step("last", { after: ["a", "b"] }), step("a", { work: slow }), step("b", { work: slow })]);
    expect(events.slice(0, 2).sort()).toEqual(["a starts", "b starts"]);
    expect(events.slice(-2)).toEqual(["last starts", "last ends"]);
  });

  it("does not run what is done, nor what another set-up has done meanwhile", async () => {
    const shared = step("b", { after: ["a"] });
    const a = step("a", { work: () => shared.run(contextWith(new AbortController().signal), () => {}) });
    await go([a, shared, step("c", { done: true })]);
    expect(events).toEqual(["a starts", "b starts", "b ends", "a ends"]);
  });

  it("ends the others when one fails, starts none after it, and throws the first error", async () => {
    const failing = step("failing", {
      work: () => pause(30).then(() => Promise.reject(new Error("broken"))),
    });
    const running = step("running", { work: untilAborted });
    const later = step("later", { after: ["running"] });
    await expect(go([running, failing, later])).rejects.toThrow("broken");
    expect(events).toEqual(["running starts", "failing starts", "told to stop"]);
  });

  it("ends everything when it is interrupted", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    await expect(
      go([step("a", { work: untilAborted }), step("b", { after: ["a"] })], stop.signal),
    ).rejects.toThrow(Interrupted);
    expect(events).toEqual(["a starts", "told to stop"]);
  });

  it("does not believe a step that says it is done and is not", async () => {
    await expect(go([step("a", { neverDone: true })])).rejects.toThrow(
      "a: done, and yet it still has to do a",
    );
  });
});
