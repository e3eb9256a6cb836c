import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain, quote, show } from "../../../config/refusal";

describe("show", () => {
  it.each([
    [undefined, "nothing"],
    [null, "nothing (an empty value)"],
    [0, "0"],
    [Number.NaN, "NaN"],
    [true, "true"],
    ["text", '"text"'],
    [[1, 2], "a list"],
    [{ a: 1 }, "a map"],
    [{ secure: "AAABcipher" }, "an encrypted value"],
  ])("names %j", (value, shown) => {
    expect(show(value)).toBe(shown);
  });
});

describe("quote", () => {
  it("is bounded, on one line and printable, whatever is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (text) => {
        const quoted = quote(text);
        expect(quoted.length).toBeLessThan(800);
        expect(quoted).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
      }),
    );
  });

  it("escapes what changes how a terminal shows the rest", () => {
    expect(quote("a\u001b[31m\u202eb\u2028")).toBe('"a\\u001b[31m\\u{202e}b\\u{2028}"');
  });

  it.each([10, 60, 500, 4000])("hides a password of %i characters", (length) => {
    const secret = "s3cr3t".repeat(700).slice(0, length);
    expect(quote(`ssh://me:${secret}@host`)).toBe('"ssh://me:***@host"');
    expect(quote(`${"x".repeat(50)} tcp://:${secret}@host`)).not.toContain("s3c");
  });

  it("names very long text instead of showing it", () => {
    expect(quote("x".repeat(5000))).toBe("text of 5000 characters");
    expect(plain("x".repeat(70))).toBe(`${"x".repeat(60)}...`);
    expect(plain('a"b')).toBe('a\\"b');
  });
});
