import { describe, expect, it } from "vitest";
import { isRefused, requireAllowed } from "../../../../../operations/deploy/impact/gate";
import { renderMarkdown } from "../../../../../operations/deploy/impact/render";
import { impactOf } from "../../../../../operations/deploy/impact/report";
import type { Step } from "../../../../../operations/deploy/impact/steps";

const REGION = "urn:pulumi:dev::nexus::nexus:region:RegionStack::region-aurora";
const DISK = "urn:pulumi:dev::nexus::nexus:region:RegionStack$nexus:data:RegionDisk::region-aurora-disk";

function step(urn: string, more: Partial<Step>): Step {
  const [type = "", name = ""] = [urn.split("::")[2]?.split("$").at(-1), urn.split("::")[3]];
  return { kind: "same", urn, type, name, changed: [], causes: [], ...more };
}

function state(limitBytes: number, means: string) {
  return { inputs: { limitBytes, means }, parent: REGION, retainOnDelete: false, initErrors: false };
}

function impact(from: [number, string], to: [number, string]) {
  const disk = step(DISK, { kind: "update", old: state(...from), new: state(...to) });
  return impactOf([step(REGION, {}), disk]);
}

describe("a region's disk in the report", () => {
  it("grows in place", () => {
    const report = impact([10e9, "loop"], [20e9, "loop"]);
    expect(renderMarkdown(report)).toContain(
      "| **aurora** | in place | disk of all volumes; nothing restarts |",
    );
    expect(isRefused(report)).toBe(false);
    expect(() => requireAllowed(report, [])).not.toThrow();
  });

  it("never shrinks: the report and `up` refuse it, whatever is allowed to be lost", () => {
    const report = impact([20e9, "loop"], [10e9, "loop"]);
    const why =
      "its disk has 20GB, and now shall have 10GB. A disk only grows: set resources.disk to 20GB or more";
    expect(renderMarkdown(report)).toContain(`| **aurora** | REFUSED | ${why} |`);
    expect(isRefused(report)).toBe(true);
    expect(() => requireAllowed(report, ["aurora"])).toThrow(
      `refused; nothing was changed.\n  aurora: ${why}.`,
    );
  });

  it("is no obstacle where no limit is kept", () => {
    expect(impact([20e9, "none"], [10e9, "none"])).toEqual([]);
  });

  it.each([
    ["none", "loop", /move the data first/],
    ["loop", "none", /cannot mount one any more/],
  ])("does not go from %s to %s by itself", (from, to, why) => {
    const [area] = impact([10e9, from], [10e9, to]);
    expect(area?.refused).toEqual([expect.stringMatching(why)]);
  });
});
