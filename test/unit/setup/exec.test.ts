import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../setup/exec";
import { Interrupted, report, ToolError } from "../../../setup/problems";

let folder: string;
let logFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-exec-"));
  logFile = join(folder, "tool.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const live = new AbortController().signal;
const sh = (script: string, signal = live, more = {}) =>
  run("/bin/sh", ["-c", script], { logFile, signal, ...more });

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is dead: nobody has collected it yet.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("run", () => {
  it("keeps the output in the log and hands over its lines", async () => {
    const lines: string[] = [];
    const tail = await sh("echo one; echo two >&2; printf three", live, {
      onLine: (line: string) => lines.push(line),
    });
    expect(tail.sort()).toEqual(["one", "three", "two"]);
    expect(lines.sort()).toEqual(["one", "three", "two"]);
    expect(readFileSync(logFile, "utf8")).toMatch(/\] \/bin\/sh -c .*\n(one|two)\n/);
  });

  it("shows the last 20 lines of a failure and where the rest is", async () => {
    const error = await sh("seq 1 30; exit 3").catch((caught) => caught);
    expect(error).toBeInstanceOf(ToolError);
    const { text, exitCode } = report(error);
    expect(exitCode).toBe(1);
    expect(text.split("\n")).toHaveLength(22);
    expect(text).toMatch(/failed \(exit code 3\):\n {4}11\n/);
    expect(text).toContain(`    30\n  The whole output: ${logFile}`);
  });

  it("says when a tool cannot be started", async () => {
    await expect(run("/no/such/tool", [], { logFile, signal: live })).rejects.toThrow(/ENOENT/);
  });

  it("ends the tool and what it started when it is interrupted", async () => {
    const stop = new AbortController();
    let child = 0;
    const running = sh("sleep 30 & echo $!; wait", stop.signal, {
      onLine: (line: string) => {
        child = Number(line);
        stop.abort();
      },
    });
    await expect(running).rejects.toBeInstanceOf(Interrupted);
    expect(child).toBeGreaterThan(0);
    expect(alive(child)).toBe(false);
  });

  it("kills what does not want to end", async () => {
    const stop = new AbortController();
    const running = sh("trap '' TERM; echo ready; while :; do sleep 0.1; done", stop.signal, {
      graceMs: 100,
      onLine: () => stop.abort(),
    });
    await expect(running).rejects.toBeInstanceOf(Interrupted);
  });

  it("starts nothing after an interrupt", async () => {
    await expect(sh("echo", AbortSignal.abort())).rejects.toBeInstanceOf(Interrupted);
  });
});
