import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearLock } from "../../../../operations/deploy/recover/lock";
import { silentReporter } from "../../../support/reporter";

describe("the lock of a stack whose state is in a folder", () => {
  let folder: string;
  let locks: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nexus-lock-"));
    locks = join(folder, ".pulumi/locks/organization/nexus/dev");
    mkdirSync(locks, { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const open = () => ({
    ...{ backend: `file://${folder}`, project: "nexus", stack: "dev" },
    // No pulumi is found there.
    place: { cwd: folder, env: { PATH: "" } },
  });
  const write = (name: string, pid: number, host = hostname()): void => {
    const lock = { pid, username: "me", hostname: host, timestamp: "2026-11-25T00:00:00Z" };
    writeFileSync(join(locks, `${name}.json`), JSON.stringify(lock));
    writeFileSync(join(locks, `${name}.json.attrs`), "{}");
  };
  /** Of a process that has ended. */
  const dead = (): number => spawnSync("true").pid;

  it("is removed when its process is dead, and nothing else: not one that comes meanwhile", () => {
    write("stale", dead());
    const reporter = { ...silentReporter(), say: () => write("new", process.pid) };
    expect(clearLock(open(), true, reporter)).toBe(true);
    expect(readdirSync(locks)).toEqual(["new.json", "new.json.attrs"]);
  });

  it("of another machine stops the run, and nothing is removed", () => {
    write("stale", dead());
    write("far", dead(), "elsewhere");
    expect(() => clearLock(open(), true, silentReporter())).toThrow(
      /^Stack "dev" is locked: process \d+ of me on elsewhere, .* pulumi -- cancel --yes --stack dev$/,
    );
    expect(readdirSync(locks)).toHaveLength(4);
  });

  it("is only told of in a preview", () => {
    write("stale", dead());
    expect(clearLock(open(), false, silentReporter())).toBe(false);
    expect(readdirSync(locks)).toHaveLength(2);
  });
});
