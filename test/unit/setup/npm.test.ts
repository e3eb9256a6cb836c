import { describe, expect, it } from "vitest";
import { covers } from "../../../setup/steps/npm";

describe("covers", () => {
  const a = { version: "1.0.0", integrity: "sha512-a" };
  it("wants every package in the locked version", () => {
    expect(covers({ "": {}, "node_modules/a": a }, { "node_modules/a": a })).toBe(true);
    expect(covers({ "node_modules/a": a }, {})).toBe(false);
    expect(covers({ "node_modules/a": a }, { "node_modules/a": { ...a, version: "1.0.1" } })).toBe(false);
    expect(covers({ "node_modules/a": a }, { "node_modules/a": { ...a, integrity: "sha512-b" } })).toBe(
      false,
    );
  });
  it("does not want another platform's optional package, nor mind one too many", () => {
    expect(covers({ "node_modules/a": { ...a, optional: true } }, { "node_modules/b": a })).toBe(true);
  });
});
