import { afterEach, describe, expect, it, vi } from "vitest";
import { type AgreeHow, agree, movesData } from "../../../../../operations/deploy/impact/agree";
import { previewArgsOf } from "../../../../../operations/deploy/pulumi/arguments";
import { runPreview } from "../../../../../operations/deploy/pulumi/preview";
import type { ReadyStack } from "../../../../../operations/deploy/ready";
import { silentReporter } from "../../../../support/reporter";

vi.mock("../../../../../operations/deploy/pulumi/preview", () => ({ runPreview: vi.fn() }));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("agree", () => {
  const platform = { regions: [] as unknown, settings: { dataRoot: "/data" } };
  const ready = { platform, deployment: {} } as ReadyStack;
  const how: AgreeHow = { extra: [], allowDataLoss: [], reporter: silentReporter() };
  const violation = (policy: string, level: string) => ({ policy, level, message: "" });

  /** What comes of a preview with this exit code, and what was said. */
  async function outcome(
    code: number,
    violations: ReturnType<typeof violation>[] = [],
    extra: string[] = [],
    upToDate = false,
    confirm?: () => Promise<boolean>,
  ) {
    const reporter = silentReporter();
    vi.mocked(runPreview).mockResolvedValue({ code, impact: [], violations, upToDate });
    const agreed = await agree(ready, { ...how, extra, reporter, ...(confirm && { confirm }) });
    const { verdict, state, judged } = agreed;
    return { verdict, state, judged, said: reporter.said() };
  }

  it("goes on after a preview without objections, advice is none", async () => {
    expect((await outcome(0, [violation("secret-literals", "advisory")])).verdict).toBe("go");
  });

  it("neither asks nor goes on when there is nothing to change, but where pulumi is to do more than compare", async () => {
    const confirm = vi.fn(async () => true);
    const verdicts = async (extra: string[]) => (await outcome(0, [], extra, true, confirm)).verdict;
    expect(await verdicts(["--suppress-outputs"])).toBe("nothing");
    expect(confirm).not.toHaveBeenCalled();
    expect(await verdicts(["--refresh"])).toBe("go");
  });

  it("refuses what a policy refuses, and names the policy", async () => {
    const found = [violation("b", "mandatory"), violation("a", "mandatory"), violation("b", "mandatory")];
    const { verdict, said } = await outcome(255, [...found, violation("c", "advisory")]);
    expect(verdict).toBe("refused");
    expect(said).toContain("Nothing was changed: 2 policies refuse it (a, b).");
  });

  it("refuses after a preview that failed by itself", async () => {
    const { verdict, said } = await outcome(255);
    expect(verdict).toBe("refused");
    expect(said).toContain("Nothing was changed: the preview failed.");
  });

  it("holds the `up` to the state that was found before the preview", async () => {
    const found = { ...ready, deployment: { resources: [{ urn: "u", type: "t" }] } };
    vi.mocked(runPreview).mockResolvedValue({ code: 0, impact: [], violations: [], upToDate: false });
    expect(Object.keys((await agree(found, how)).state ?? {})).toEqual(["u"]);
  });

  it("has the policies judge the `up` as well where they left something of a resource to it", async () => {
    const ofStack = violation("host-sum", "advisory");
    expect((await outcome(0, [ofStack])).judged).toBe(true);
    const later = { ...violation("secret-literals", "advisory"), resource: "region-aurora-server" };
    expect((await outcome(0, [ofStack, later])).judged).toBe(false);
    // What is not held to the state that was previewed may do something else.
    expect((await outcome(0, [], ["--refresh"])).judged).toBe(false);
    expect((await outcome(0, [], ["--skip-preview"])).judged).toBeFalsy();
  });

  it.each([["--refresh"], ["--refresh=true"], ["-r"]])(
    "does not where %s lets pulumi change the state before it can be compared",
    async (flag) => {
      expect((await outcome(0, [], [flag])).state).toBeUndefined();
    },
  );

  it("does not when the preview is skipped, of which nothing was said", async () => {
    const { verdict, state } = await outcome(0, [], ["--skip-preview"]);
    expect({ verdict, state }).toEqual({ verdict: "go", state: undefined });
  });
});

describe("movesData", () => {
  const region = (folder?: string) => ({
    urn: "u",
    type: "nexus:region:RegionStack",
    inputs: folder === undefined ? {} : { folder },
  });

  it("sees a region, or the Nexus, whose folder is elsewhere", () => {
    const moves = (...folders: string[]) => movesData({ resources: folders.map(region) }, "/srv/nexus");
    expect(moves("/srv/nexus/a", "/srv/nexus/b")).toBe(false);
    expect(moves("/srv/nexus/a", "/old/b")).toBe(true);
    expect(moves("/srv/nexus-2/a")).toBe(true);
    const nexus = { ...region("/old/central-nexus"), type: "nexus:nexus:NexusStack" };
    expect(movesData({ resources: [nexus] }, "/srv/nexus")).toBe(true);
  });

  it("has nothing to say of a component that names none, or of nothing", () => {
    expect(movesData({ resources: [region()] }, "/srv/nexus")).toBe(false);
    expect(movesData({}, "/srv/nexus")).toBe(false);
  });
});

describe("previewArgsOf", () => {
  it.each([
    [
      ["--parallel", "4", "--skip-preview"],
      ["--parallel", "4"],
    ],
    [
      ["-f", "--yes", "--target", "urn"],
      ["--target", "urn"],
    ],
    [["--secrets-provider", "passphrase", "--diff"], ["--diff"]],
    [["--secrets-provider=passphrase", "--continue-on-error=true"], []],
    [[], []],
  ])("%j leaves %j", (given, expected) => {
    expect(previewArgsOf(given)).toEqual(expected);
  });
});
