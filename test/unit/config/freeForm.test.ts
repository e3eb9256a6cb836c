import { describe, expect, it } from "vitest";
import { MAX_FREE_FORM_BYTES, parseFreeForm, parseTextMap } from "../../../config/freeForm";
import { Refusal } from "../../../config/refusal";

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { a: nested(levels - 1) };
}

describe("parseFreeForm", () => {
  it("sorts keys by code unit at every level and leaves lists alone", () => {
    const sorted = parseFreeForm({ b: [{ z: 1, a: 2 }, 3, 1], a: { d: null, C: true } });
    expect(JSON.stringify(sorted)).toBe('{"a":{"C":true,"d":null},"b":[{"a":2,"z":1},3,1]}');
  });

  it("keeps __proto__ as data", () => {
    const data = JSON.parse('{"__proto__":{"admin":true}}');
    expect(JSON.stringify(parseFreeForm(data))).toBe('{"__proto__":{"admin":true}}');
    expect((parseFreeForm(data) as { admin?: boolean }).admin).toBeUndefined();
  });

  it("accepts 16 KiB of JSON, and not one byte more", () => {
    const frame = '{"a":""}'.length;
    expect(parseFreeForm({ a: "x".repeat(MAX_FREE_FORM_BYTES - frame) })).toBeDefined();
    expect(() => parseFreeForm({ a: "x".repeat(MAX_FREE_FORM_BYTES - frame + 1) })).toThrow(
      "16385 bytes as JSON was given; allowed is at most 16 KiB.",
    );
    // Bytes, not characters.
    expect(() => parseFreeForm({ a: "é".repeat(9000) })).toThrow(Refusal);
  });

  it("accepts eight levels, and not one more", () => {
    expect(parseFreeForm(nested(8))).toEqual(nested(8));
    expect(() => parseFreeForm(nested(9))).toThrow(
      "data nested more deeply was given; allowed is at most 8 levels.",
    );
  });

  it.each([[Number.NaN], [Number.NEGATIVE_INFINITY], [2 ** 53], [-(2 ** 53)]])(
    "refuses %d, which JSON would lose",
    (value) => {
      expect(() => parseFreeForm({ list: [value] })).toThrow(Refusal);
    },
  );

  it.each([[null], ["text"], [5], [[]]])("refuses %j in place of a map", (value) => {
    expect(() => parseFreeForm(value)).toThrow("allowed is a map.");
  });
});

describe("parseTextMap", () => {
  it("accepts texts only", () => {
    expect(parseTextMap({ b: "2", a: "" })).toEqual({ a: "", b: "2" });
    for (const value of [1, null, true, ["a"], { a: "b" }]) {
      expect(() => parseTextMap({ key: value })).toThrow(' for "key" was given; allowed is a map of texts.');
    }
  });
});
