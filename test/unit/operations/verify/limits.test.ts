import { describe, expect, it } from "vitest";
import { MIB } from "../../../../config/units";
import { planLimits } from "../../../../operations/verify/limits";
import { notes } from "../../../../operations/verify/notes";
import type { ObservedContainer } from "../../../../operations/verify/observed";
import { changed, DB, DECLARED, drift, perfect, short, withContainer } from "./fixtures";

describe("limits", () => {
  const enforced = (limits: object) => (is: ObservedContainer) => ({
    enforced: { source: "kernel" as const, limits: { ...is.enforced?.limits, ...limits } },
  });
  const declared = DECLARED.containers.find(({ name }) => name === DB)?.limits;
  const { cpuMillis = 0, memoryBytes = 0, pids = 0 } = declared ?? {};

  it.each([
    ["cpuMillis", cpuMillis - 10, "CPU"],
    ["cpuMillis", cpuMillis + 10, "CPU"],
    ["cpuMillis", null, "CPU"],
    ["memoryBytes", memoryBytes + MIB, "memory"],
    ["memoryBytes", memoryBytes - MIB, "memory"],
    ["memoryBytes", null, "memory"],
    ["swapBytes", 4096, "swap"],
    ["swapBytes", null, "swap"],
    ["pids", pids + 1, "pids"],
    ["pids", pids - 1, "pids"],
    ["pids", null, "pids"],
  ])("%s %s in the kernel is drift", (key, value, what) => {
    const found = drift(withContainer(perfect(DECLARED), DB, enforced({ [key]: value })));
    expect(found).toMatchObject([{ region: "aurora", container: DB, what }]);
    if (value === null) expect(found[0]?.enforced).toBe("no limit");
    expect(found[0]?.remedy).toBe("npm run up -- --stack test");
  });

  it("that only hold until the next start are drift as well", () => {
    const found = changed(DB, (is) => ({ configured: { ...is.configured, pids: null } }));
    expect(found).toEqual([`aurora|${DB}|pids|${pids}|no limit from its next start on`]);
  });

  it("of swap that the kernel does not count are no drift but a note", () => {
    const observed = withContainer(perfect(DECLARED), DB, (is) => ({
      ...enforced({ swapBytes: undefined })(is),
      configured: { ...is.configured, swapBytes: null },
    }));
    expect(drift(observed)).toEqual([]);
    expect(notes(DECLARED, observed).map(({ text }) => text)).toContain(
      "this host's kernel does not count swap, so that limit is not enforced",
    );
  });

  it("are put right where a container has them wrong, and nowhere else", () => {
    const observed = withContainer(perfect(DECLARED), DB, enforced({ pids: null, cpuMillis: 5 }));
    expect(planLimits(DECLARED.containers, observed.containers)).toMatchObject([
      { id: `id-of-${DB}`, limits: declared, differences: [{ what: "CPU" }, { what: "pids" }] },
    ]);
  });

  it("of a stopped container are put right as well", () => {
    const observed = withContainer(perfect(DECLARED), DB, (is) => ({
      state: "exited",
      enforced: undefined,
      configured: { ...is.configured, memoryBytes: 1 },
    }));
    expect(planLimits(DECLARED.containers, observed.containers)).toHaveLength(1);
    expect(short(drift(observed))).toEqual([
      `aurora|${DB}|state|running|exited`,
      expect.stringMatching(/\|memory\|.*\|1 bytes from its next start on$/),
    ]);
  });
});
