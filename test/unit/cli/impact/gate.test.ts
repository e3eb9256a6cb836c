import { describe, expect, it } from "vitest";
import { requireAllowed } from "../../../../cli/impact/gate";
import { impactOf } from "../../../../cli/impact/report";
import { EXIT, type Stop } from "../../../../cli/stop";
import { NEXUS } from "../../../../components/host";
import { RECORDED, recorded } from "./recorded";

describe("the permission to lose data", () => {
  const report = impactOf(recorded("dataRoot"));
  const refusal = (allowed: string[]): Stop | undefined => {
    try {
      requireAllowed(report, allowed);
      return undefined;
    } catch (error) {
      return error as Stop;
    }
  };

  it("is needed by name, says what would be lost, and how to go on", () => {
    const stop = refusal(["borealis"]);
    expect(stop?.exitCode).toBe(EXIT.badInput);
    expect(stop?.message).toContain("/srv/nexus/aurora/{cache,db}");
    expect(stop?.message).toContain("nothing was changed");
    expect(stop?.message).toContain("--allow-data-loss aurora");
  });

  it("lets what was named through", () => {
    expect(refusal(["aurora"])).toBeUndefined();
  });

  it("is needed for every region", () => {
    const both = [...report, ...impactOf(recorded("encryptionKey"))];
    expect(() => requireAllowed(both, ["aurora"])).toThrow(`--allow-data-loss ${NEXUS}`);
  });

  it.each(RECORDED.filter((name) => name !== "dataRoot" && name !== "encryptionKey"))(
    "is not asked for by %s",
    (name) => {
      expect(() => requireAllowed(impactOf(recorded(name)), [])).not.toThrow();
    },
  );
});
