import { describe, expect, it } from "vitest";
import { isRefused, requireAllowed } from "../../../../../operations/deploy/impact/gate";
import { renderMarkdown } from "../../../../../operations/deploy/impact/render";
import { impactOf } from "../../../../../operations/deploy/impact/report";

const REGION = "urn:pulumi:dev::nexus::nexus:region:RegionStack::region-aurora";

function state(diskBytes: number, diskMeans: string | undefined) {
  return { inputs: { diskBytes, diskMeans }, retainOnDelete: false, initErrors: false };
}

function impact(from: Parameters<typeof state>, to: Parameters<typeof state>, isUp = true) {
  const step = { changed: [], causes: [] };
  const region = { urn: REGION, type: "nexus:region:RegionStack", name: "region-aurora" };
  const network = {
    urn: `${REGION}-network`,
    type: "docker:index/network:Network",
    name: "region-aurora-network",
  };
  const child = { inputs: {}, parent: REGION, retainOnDelete: false, initErrors: false };
  return impactOf([
    { ...step, ...region, kind: "update", old: state(...from), new: state(...to) },
    { ...step, ...network, kind: isUp ? "same" : "create", ...(isUp && { old: child }), new: child },
  ]);
}

describe("a region's disk in the report", () => {
  it("grows in place", () => {
    const report = impact([10e9, "loop"], [20e9, "loop"]);
    expect(renderMarkdown(report)).toContain("|  | in place | disk of all volumes; nothing restarts |");
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
    const [area] = impact([20e9, "none"], [10e9, "none"]);
    expect(area).toMatchObject({ refused: [], inPlace: [] });
  });

  it("grows in a stack of an earlier version, whose component did not say by what means", () => {
    const [area] = impact([10e9, undefined], [20e9, "loop"]);
    expect(area).toMatchObject({ refused: [], changes: ["disk 10GB → 20GB"] });
  });

  it("of a region that is taken down is what the host has: that is asked, and not its component's record", () => {
    for (const [from, to] of [
      [
        [20e9, "loop"],
        [10e9, "loop"],
      ],
      [
        [20e9, "loop"],
        [20e9, "none"],
      ],
    ] as const) {
      const [area] = impact([...from], [...to], false);
      expect(area).toMatchObject({ life: "created", refused: [], inPlace: [] });
    }
  });

  it.each([
    ["none", "loop", /move the data first/],
    ["loop", "none", /cannot mount one any more/],
  ])("does not go from %s to %s by itself", (from, to, why) => {
    const [area] = impact([10e9, from], [10e9, to]);
    expect(area?.refused).toEqual([expect.stringMatching(why)]);
  });
});
