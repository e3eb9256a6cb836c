import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeWhole, openCache } from "../../../setup/cache";
import { choose, objection } from "../../../setup/pulumi/choose";
import { pulumiHome } from "../../../setup/pulumi/home";
import { isInstalled } from "../../../setup/steps/plugins";

const good = { bin: "/opt/pulumi", version: "v3.256.0", languageHost: true };
const old = { ...good, version: "v3.199.9" };
const none = { forced: undefined, onPath: undefined, vendor: undefined, built: undefined };

describe("objection", () => {
  it.each(["v3.200.0", "3.256.0", "v3.999.1"])("accepts %s", (version) => {
    expect(objection({ ...good, version })).toBeUndefined();
  });
  it.each([
    ["v3.199.9", /is v3.199.9, and this project needs >= 3.200 and < 4/],
    ["v4.0.0", /needs >= 3.200 and < 4/],
    ["v2.300.0", /needs >= 3.200 and < 4/],
    ["", /does not say its version/],
  ])("refuses %j", (version, message) => {
    expect(objection({ ...good, version })).toMatch(message);
  });
  it("wants the language host", () => {
    expect(objection({ ...good, languageHost: false })).toMatch(/no pulumi-language-nodejs/);
  });
});

describe("choose", () => {
  it("prefers the PATH, then the vendor's, then the built one", () => {
    const all = { ...none, onPath: good, vendor: "/v", built: "/b" };
    expect(choose(all)).toEqual({ use: { source: "path", bin: "/opt/pulumi" } });
    expect(choose({ ...all, onPath: old })).toEqual({ use: { source: "vendor", bin: "/v" } });
    expect(choose({ ...none, built: "/b" })).toEqual({ use: { source: "build", bin: "/b" } });
  });
  it("makes one where there is none, and says why the one on the PATH will not do", () => {
    expect(choose(none)).toEqual({ make: "vendor or build", note: undefined });
    expect(choose({ ...none, onPath: old })).toEqual({
      make: "vendor or build",
      note: "/opt/pulumi/pulumi is v3.199.9, and this project needs >= 3.200 and < 4: it is not used",
    });
  });
  it("follows NEXUS_TOOLCHAIN", () => {
    const all = { onPath: good, vendor: "/v", built: "/b" };
    expect(choose({ ...all, forced: "vendor" })).toEqual({ use: { source: "vendor", bin: "/v" } });
    expect(choose({ ...all, forced: "build" })).toEqual({ use: { source: "build", bin: "/b" } });
    expect(choose({ ...all, forced: "path" })).toEqual({ use: { source: "path", bin: "/opt/pulumi" } });
    expect(choose({ ...none, onPath: good, forced: "build" })).toEqual({ make: "build" });
    expect(choose({ ...none, built: "/b", forced: "vendor" })).toEqual({ make: "vendor" });
  });
  it("refuses a NEXUS_TOOLCHAIN that it cannot follow", () => {
    expect(() => choose({ ...none, forced: "path" })).toThrow('"path", but there is no pulumi on the PATH.');
    expect(() => choose({ ...none, forced: "path", onPath: old })).toThrow(/but .* is v3.199.9/);
    expect(() => choose({ ...none, forced: "docker" })).toThrow('"docker": it may be path, vendor or build');
  });
});

describe("pulumiHome", () => {
  it("is the person's own where there is one", () => {
    const homeIn = (env: NodeJS.ProcessEnv, exists: (file: string) => boolean) =>
      pulumiHome({ env, home: "/home/p", cache: openCache({ NEXUS_CACHE: "/cache" }) }, exists);
    expect(homeIn({ PULUMI_HOME: "/mine" }, () => true)).toBe("/mine");
    const loggedIn = (file: string) => file === "/home/p/.pulumi/credentials.json";
    expect(homeIn({}, loggedIn)).toBe("/home/p/.pulumi");
    expect(homeIn({}, () => false)).toBe("/cache/pulumi-home");
  });
});

describe("on disk", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "setup-pulumi-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("a half-made folder never has the final name, and is not left behind", async () => {
    const target = join(folder, "made");
    const interrupted = makeWhole(target, async (staging) => {
      writeFileSync(join(staging, "half"), "");
      expect(existsSync(target)).toBe(false);
      throw new Error("interrupted");
    });
    await expect(interrupted).rejects.toThrow("interrupted");
    expect(readdirSync(folder)).toEqual([]);
    await makeWhole(target, async (staging) => writeFileSync(join(staging, "whole"), ""));
    expect(readdirSync(folder)).toEqual(["made"]);
    expect(readdirSync(target)).toEqual(["whole"]);
  });

  it("a provider counts as installed when it is whole", () => {
    const docker = { name: "docker", version: "5.2.0" };
    const plugin = join(folder, "plugins", "resource-docker-v5.2.0");
    expect(isInstalled(folder, docker)).toBe(false);
    mkdirSync(plugin, { recursive: true });
    expect(isInstalled(folder, docker)).toBe(false);
    writeFileSync(join(plugin, "pulumi-resource-docker"), "");
    expect(isInstalled(folder, docker)).toBe(true);
    writeFileSync(`${plugin}.partial`, "");
    expect(isInstalled(folder, docker)).toBe(false);
  });
});
