import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCache } from "../../../setup/cache";
import { isSupported, OLDEST, pinnedNode } from "../../../setup/node/pinned";

const ROOT = resolve(__dirname, "../../..");
const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
/** Of setup/node/package-lock.json, without the project itself. */
const locked = (): { version: string; integrity: string }[] =>
  Object.entries(json("setup/node/package-lock.json").packages).flatMap(([name, entry]) =>
    name ? [entry as { version: string; integrity: string }] : [],
  );

describe("the Node of the project", () => {
  it.each([
    ["20.19.0", false],
    ["22.11.0", false],
    ["22.12.0", true],
    ["24.0.0", true],
    ["26.10.0", true],
  ])("%s runs it: %j", (version, expected) => expect(isSupported(version)).toBe(expected));

  it("is what package.json says", () => {
    expect(json("package.json").engines.node).toBe(`>=${OLDEST}.0`);
  });

  it("is pinned by hash, in one version for every kind of machine, and runs the project", () => {
    const [first] = locked();
    expect(isSupported(first?.version ?? "")).toBe(true);
    for (const { version, integrity } of locked()) {
      expect(version).toBe(first?.version);
      expect(integrity).toMatch(/^sha512-/);
    }
  });
});

describe("on a machine whose Node is too old", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "setup-node-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const cacheFolder = () => join(folder, "cache");
  /** The entry of every npm script, on this Node that says it is an old one. */
  function setup(...args: string[]) {
    const entry = join(ROOT, "setup/run.js");
    const script = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
      process.argv = [process.argv[0], ${[entry, ...args].map((arg) => JSON.stringify(arg)).join(", ")}];
      require(${JSON.stringify(entry)});`;
    const env = { PATH: process.env.PATH, HOME: folder, NEXUS_CACHE: cacheFolder(), NODE: "/usr/bin/node" };
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", script], { env, encoding: "utf8" });
    return { status, stdout, stderr };
  }

  it("a set-up says what it would bring and why, and brings nothing with --dry-run", () => {
    const { status, stdout } = setup("check", "--dry-run");
    expect(status).toBe(0);
    const version = locked()[0]?.version;
    expect(stdout).toContain(
      `- node: would bring Node ${version} (npm package node-${process.platform}-${process.arch}) into the cache: ` +
        `this machine's own is 20.20.2, older than ${OLDEST}.`,
    );
    expect(existsSync(cacheFolder())).toBe(false);
  });

  it("the command runs on the Node that was brought, which comes first for all that it starts", () => {
    const { file } = pinnedNode(openCache({ NEXUS_CACHE: cacheFolder() }));
    mkdirSync(join(file, ".."), { recursive: true });
    const text = 'printf "%s\\n" "$@" "$NODE" "$npm_node_execpath" "$NEXUS_NODE" "$PATH"; exit 7';
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    const { status, stdout, stderr } = setup("check", "--dry-run");
    const bin = join(file, "..");
    const lines = [join(ROOT, "setup/run.js"), "check", "--dry-run", file, file, bin];
    expect(stdout).toBe(`${[...lines, `${bin}:${process.env.PATH}`].join("\n")}\n`);
    expect([status, stderr]).toEqual([7, ""]);
  });
});
