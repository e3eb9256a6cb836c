import { describe, expect, it } from "vitest";
import { NEXUS } from "../../../../../catalog/names";
import { requireAllowed, requireKnown } from "../../../../../operations/deploy/impact/gate";
import type { AreaImpact } from "../../../../../operations/deploy/impact/impact";
import { impactOf } from "../../../../../operations/deploy/impact/report";
import type { Failure } from "../../../../../operations/failure";
import type { Platform } from "../../../../../platform";
import { RECORDED, recorded } from "./recorded";

describe("the permission to lose data", () => {
  const lost = (region: string): AreaImpact => {
    const [nexus] = impactOf(recorded("encryptionKey"));
    if (!nexus) throw new Error("no report");
    return { ...nexus, area: region, losses: [`everything of ${region}`] };
  };
  const report = [lost("aurora")];
  const refusal = (allowed: string[]): Failure | undefined => {
    try {
      requireAllowed(report, allowed);
      return undefined;
    } catch (error) {
      return error as Failure;
    }
  };

  it("is needed by name, says what would be lost, and how to go on", () => {
    const stop = refusal(["borealis"]);
    expect(stop?.kind).toBe("bad-input");
    expect(stop?.message).toContain("everything of aurora");
    expect(stop?.message).toContain("nothing was changed");
    expect(stop?.message).toContain("--allow-data-loss aurora");
  });

  it("lets what was named through", () => {
    expect(refusal(["aurora"])).toBeUndefined();
  });

  it("is needed for every region", () => {
    const both = [...report, lost(NEXUS)];
    expect(() => requireAllowed(both, ["aurora"])).toThrow(`--allow-data-loss ${NEXUS}`);
  });

  it("does not help where the change is refused", () => {
    expect(() => requireAllowed(impactOf(recorded("dataRoot")), ["aurora"])).toThrow("/srv/nexus/aurora");
  });

  it.each(RECORDED.filter((name) => name !== "dataRoot" && name !== "encryptionKey"))(
    "is not asked for by %s",
    (name) => {
      expect(() => requireAllowed(impactOf(recorded(name)), [])).not.toThrow();
    },
  );
});

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
        kind: "bad-input",
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
