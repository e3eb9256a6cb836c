import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheRoot, openCache } from "../../../setup/cache";
import { findTool, isDebianLike } from "../../../setup/machine";
import { lineValue, parseStackFacts, stackFacts } from "../../../setup/stack";
import { contents, isDone } from "../../../setup/steps/images";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-facts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a stack's settings", () => {
  const text = `# nexus:images: registry
config:
  nexus:images: local # made here
  "nexus:dockerHost": 'ssh://deploy@host'
  nexus:imagesExtra: x
`;
  it("are read from single lines", () => {
    expect(lineValue(text, "nexus:images")).toBe("local");
    expect(parseStackFacts("dev", text)).toEqual({
      name: "dev",
      images: "local",
      dockerHost: "ssh://deploy@host",
    });
  });
  it("have the defaults of settings.ts", () => {
    expect(parseStackFacts("prod", "config: {}\n")).toEqual({
      name: "prod",
      images: "registry",
      dockerHost: undefined,
    });
  });
  it("must exist", () => {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
    writeFileSync(join(folder, "Pulumi.yaml"), "");
    expect(stackFacts(folder, "organisation/nexus/dev").name).toBe("dev");
    expect(() => stackFacts(folder, "prdo")).toThrow(
      /no readable settings file Pulumi.prdo.yaml: the stacks here are dev\./,
    );
  });
});

describe("the machine", () => {
  it("is Debian's kin when its ID or ID_LIKE says so", () => {
    expect(isDebianLike('NAME="Debian"\nID=debian\n')).toBe(true);
    expect(isDebianLike('ID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe(true);
    expect(isDebianLike('ID="fedora"\nID_LIKE="rhel"\nNAME=debian')).toBe(false);
    expect(isDebianLike("")).toBe(false);
  });
  it("has a tool when an executable file of that name is on the PATH", () => {
    mkdirSync(join(folder, "a", "tool"), { recursive: true });
    mkdirSync(join(folder, "b"));
    mkdirSync(join(folder, "c"));
    writeFileSync(join(folder, "b", "tool"), "", { mode: 0o644 });
    writeFileSync(join(folder, "c", "tool"), "", { mode: 0o755 });
    const path = ["relative", "", ...["a", "b", "c"].map((name) => join(folder, name))].join(":");
    expect(findTool("tool", path)).toBe(join(folder, "c", "tool"));
    expect(findTool("other", path)).toBeUndefined();
  });
});

describe("the cache", () => {
  it("is where the person says, else where the system keeps caches", () => {
    expect(cacheRoot({ NEXUS_CACHE: "/c", XDG_CACHE_HOME: "/x" }, "/home/p")).toBe("/c");
    expect(cacheRoot({ XDG_CACHE_HOME: "/x" }, "/home/p")).toBe("/x/sectorwars-nexus");
    expect(cacheRoot({ XDG_CACHE_HOME: "relative" }, "/home/p")).toBe("/home/p/.cache/sectorwars-nexus");
    expect(cacheRoot({}, "/home/p")).toBe("/home/p/.cache/sectorwars-nexus");
  });
  it("says so when it cannot be written", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => openCache({ NEXUS_CACHE: join(folder, "file") }).prepare()).toThrow(
      /cannot be written .*set NEXUS_CACHE/,
    );
  });
});

describe("local images", () => {
  it("are done when every image of the last run is still there", () => {
    expect(isDone(["a 1", "b 2"], ["a 1", "b 2", "c 3"])).toBe(true);
    expect(isDone(["a 1", "b 2"], ["a 1"])).toBe(false);
    expect(isDone(["a 1"], ["a 2"])).toBe(false);
    for (const stamp of [undefined, [], {}, "a"]) expect(isDone(stamp, ["a 1"])).toBe(false);
  });
  it("depend on names and contents, not on what others install there", () => {
    mkdirSync(join(folder, "images", "node_modules", "x"), { recursive: true });
    writeFileSync(join(folder, "images", "node_modules", "x", "f"), "");
    writeFileSync(join(folder, "images", "b"), "2");
    writeFileSync(join(folder, "images", "a"), "1");
    expect(contents(folder, "images").map(String)).toEqual(["images/a", "1", "images/b", "2"]);
    expect(contents(folder, "absent")).toEqual([]);
  });
});
