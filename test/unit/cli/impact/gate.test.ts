import { describe, expect, it } from "vitest";
import { requireKnown } from "../../../../cli/impact/gate";
import { EXIT } from "../../../../cli/stop";
import type { Platform } from "../../../../platform";

describe("requireKnown", () => {
  const platform = { regions: [{ name: "aurora" }, { name: "borealis" }] } as Platform;
  /** A stack that still runs a region whose file is gone. */
  const deployment = {
    resources: [
      {
        urn: "urn:pulumi:dev::nexus::nexus:region:RegionStack::region-vega",
        type: "nexus:region:RegionStack",
      },
    ],
  };
  const check = (...allowed: string[]) => requireKnown(allowed, platform, deployment);

  it("lets regions of the files, regions that are being removed and the Nexus pass", () => {
    check();
    check("aurora", "borealis", "vega", "central-nexus", "aurora");
  });

  it("refuses any other word, all of them at once, and says what was probably meant", () => {
    expect(() => check("auroa", "aurora", "*")).toThrow(
      expect.objectContaining({
        exitCode: EXIT.badInput,
        message: [
          '--allow-data-loss: "auroa" was given; allowed are central-nexus, aurora, borealis, vega. Did you mean "aurora"?',
          '--allow-data-loss: "*" was given; allowed are central-nexus, aurora, borealis, vega.',
          "Nothing was changed.",
        ].join("\n"),
      }),
    );
    expect(() => check("vegas")).toThrow('Did you mean "vega"?');
  });
});
