import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isStale, startOf, withLock } from "../../../setup/lock";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-lock-"));
  file = join(folder, "step.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const live = new AbortController().signal;
const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

describe("isStale", () => {
  it("knows a living owner", () => {
    expect(isStale({ pid: process.pid, started: startOf(process.pid) })).toBe(false);
  });
  it("knows a dead one, one whose id another process has got, and a file that says nothing", () => {
    expect(isStale({ pid: deadPid(), started: "1" })).toBe(true);
    expect(isStale({ pid: process.pid, started: "1" })).toBe(startOf(process.pid) !== "");
    expect(isStale(undefined)).toBe(true);
  });
});

describe("withLock", () => {
  it("lets one in at a time, tells the second that it waited, and leaves nothing behind", async () => {
    const order: string[] = [];
    let waitedFor = 0;
    const first = withLock(file, { signal: live }, async (waited) => {
      order.push(`first in ${waited}`);
      await new Promise((done) => setTimeout(done, 300));
      order.push("first out");
    });
    const second = withLock(
      file,
      { signal: live, onWait: ({ pid }) => (waitedFor = pid) },
      async (waited) => {
        order.push(`second in ${waited}`);
      },
    );
    await Promise.all([first, second]);
    expect(order).toEqual(["first in false", "first out", "second in true"]);
    expect(waitedFor).toBe(process.pid);
    expect(existsSync(file)).toBe(false);
  });

  it.each(["", "{}", "not json"])("takes over a lock that says %j", async (text) => {
    writeFileSync(file, text);
    expect(await withLock(file, { signal: live }, async () => "in")).toBe("in");
  });

  it("takes over from a process that is gone", async () => {
    writeFileSync(file, JSON.stringify({ pid: deadPid(), started: "1" }));
    expect(await withLock(file, { signal: live }, async () => "in")).toBe("in");
  });

  it("is given back when the work fails", async () => {
    await expect(withLock(file, { signal: live }, () => Promise.reject(new Error("no")))).rejects.toThrow(
      "no",
    );
    expect(existsSync(file)).toBe(false);
  });

  it("stops waiting when it is interrupted", async () => {
    const stop = new AbortController();
    await withLock(file, { signal: live }, async () => {
      const waiting = withLock(file, { signal: stop.signal, onWait: () => stop.abort() }, async () => "in");
      await expect(waiting).rejects.toThrow(/aborted/);
    });
  });

  it("holds between processes, also when all of them find a stale lock at once", async () => {
    writeFileSync(file, JSON.stringify({ pid: deadPid(), started: "1" }));
    const counter = join(folder, "counter");
    writeFileSync(counter, "0");
    // Read, wait, write: two at a time would lose a count.
    const script = `
      const fs = require("node:fs");
      const { withLock } = require(${JSON.stringify(resolve(__dirname, "../../../setup/lock.js"))});
      withLock(${JSON.stringify(file)}, { signal: new AbortController().signal }, async () => {
        const before = Number(fs.readFileSync(${JSON.stringify(counter)}, "utf8"));
        await new Promise((done) => setTimeout(done, 20));
        fs.writeFileSync(${JSON.stringify(counter)}, String(before + 1));
      });`;
    const codes = await Promise.all(
      Array.from(
        { length: 6 },
        () =>
          new Promise((done) => {
            spawn(process.execPath, ["-e", script], { stdio: "inherit" }).on("exit", done);
          }),
      ),
    );
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(counter, "utf8")).toBe("6");
    expect(existsSync(file)).toBe(false);
  });
});
