import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../config/refusal";
import { NAME_PATTERN, parseRegionName, RESERVED_NAMES } from "../../../regions/names";

function isAccepted(name: unknown): boolean {
  try {
    return parseRegionName(name) === name;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

describe("parseRegionName", () => {
  it.each(["abc", "a-b", "r2d2", "0day", "123", "z".repeat(32), "nexus-2", "admin1", "x-1-y-2"])(
    "accepts %s",
    (name) => {
      expect(parseRegionName(name)).toBe(name);
    },
  );

  it.each([
    ...[
      "",
      "ab",
      "a".repeat(33),
      "-abc",
      "abc-",
      "a--b",
      "Abc",
      "a_b",
      "a.b",
      "a b",
      "a/b",
      "äbc",
      "abc\n",
      "ａｂｃ",
    ],
    ...["550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000"],
    ...["550e8400e29b41d4a716446655440000", null, undefined, 7, true, ["abc"], { secure: "abc" }],
  ])("refuses %j", (name) => {
    expect(isAccepted(name)).toBe(false);
  });

  it("reserves the union of what the game's parts reserve, and the paths beside the regions", () => {
    const provisioner = "central-nexus admin api system default test staging production";
    const payment = "nexus admin system central api www mail ftp test";
    const availability =
      "admin administrator root system default central-nexus nexus galactic platform official staff moderator test api www app mail support help";
    const all = `${provisioner} ${payment} ${availability} my-region treaties`.split(" ");
    expect([...RESERVED_NAMES].sort()).toEqual([...new Set(all)].sort());
    for (const name of RESERVED_NAMES) expect(isAccepted(name)).toBe(false);
  });

  it("accepts exactly the names that fit the rule", () => {
    const likely = fc.stringMatching(/^[a-zA-Z0-9_.-]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(likely, fc.stringMatching(/^[a-z0-9-]{1,34}$/), fc.string()), (name) => {
        const labels = name.split("-");
        const fits =
          name.length >= 3 &&
          name.length <= 32 &&
          labels.every((label) => /^[a-z0-9]+$/.test(label) && !label.includes("\n"));
        const isUuid = /^[0-9a-f]{32}$/.test(name);
        expect(isAccepted(name)).toBe(fits && !isUuid && !RESERVED_NAMES.has(name));
      }),
      { numRuns: 1000 },
    );
  });

  it("gives names that fit a DNS label with the longest prefix and role", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{3,32}$/).filter(isAccepted), (name) => {
        const container = `${"p".repeat(16)}region-${name}-storage`;
        expect(container.length).toBeLessThanOrEqual(63);
        expect(container).toMatch(NAME_PATTERN);
      }),
    );
  });

  it("comes to an end on long hostile text", () => {
    expect(isAccepted(`${"a-".repeat(30_000)}!`)).toBe(false);
  });
});
