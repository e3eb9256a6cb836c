import { describe, expect, it } from "vitest";
import { covers, decide, stampKey } from "../../../setup/steps/npm";

describe("stampKey", () => {
  it("changes with the lock file and with Node's major version, not with its minor one", () => {
    const key = stampKey("lock", "20.20.1");
    expect(stampKey("lock", "20.21.0")).toBe(key);
    expect(stampKey("lock", "22.0.0")).not.toBe(key);
    expect(stampKey("lock2", "20.20.1")).not.toBe(key);
  });
});

describe("decide", () => {
  const never = () => {
    throw new Error("not asked");
  };
  it("trusts its own stamp without looking further", () => {
    expect(decide({ stamp: "k", key: "k", covered: never })).toBe("done");
  });
  it("accepts packages that somebody installed by hand", () => {
    expect(decide({ stamp: undefined, key: "k", covered: () => true })).toBe("done");
  });
  it.each([undefined, "", "another"])("installs otherwise (stamp %j)", (stamp) => {
    expect(decide({ stamp, key: "k", covered: () => false })).toBe("install");
  });
});

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
