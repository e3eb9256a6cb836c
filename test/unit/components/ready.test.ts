import { describe, expect, it } from "vitest";
import { plainTest, restartingTest, watchInterval } from "../../../components/healthWatch";
import { stoppable } from "../../../components/interrupt";
import { pauseMs, readyCheck } from "../../../components/ready/check";
import { type Unready, unreadyText, withoutSecrets } from "../../../components/ready/failure";
import { judgeStart, type Look } from "../../../components/ready/look";

const LOOK: Look = {
  ...{ state: "running", isReady: false, startedAt: "2026-11-28T10:00:00Z" },
  ...{ restarts: 0, exitCode: 0, outOfMemory: false },
};

describe("the check that tells whether a container is ready", () => {
  it("is its own health test, within the time that Docker gives it", () => {
    expect(readyCheck({ Test: ["CMD", "/check", "server"], Timeout: 7e9 })).toEqual({
      command: ["/check", "server"],
      limitMs: 7000,
    });
    expect(readyCheck({ Test: ["CMD-SHELL", "a | b"] })).toEqual({
      command: ["/bin/sh", "-c", "a | b"],
      limitMs: 30_000,
    });
  });

  it("is the test within one that restarts: asking must not count", () => {
    for (const test of [
      ["CMD", "/check", "server"],
      ["CMD", "/bin/sh", "-c", "x", "health"],
    ]) {
      const [, ...command] = test;
      expect(readyCheck({ Test: restartingTest(test, 60) })?.command).toEqual(command);
      expect(plainTest(test)).toEqual(test);
    }
    expect(readyCheck({ Test: restartingTest(["CMD-SHELL", "a | b"], 60) })?.command).toEqual([
      ...["/bin/sh", "-c", "a | b"],
    ]);
  });

  it.each([[undefined], [{}], [{ Test: [] }], [{ Test: ["NONE"] }]])("is none for %o", (healthcheck) => {
    expect(readyCheck(healthcheck)).toBeUndefined();
  });

  it("is tried ten times a second at first, less often later, and a dear one for a part of the time", () => {
    expect(pauseMs(0, 50, false)).toBe(100);
    expect(pauseMs(60_000, 50, false)).toBe(3000);
    expect(pauseMs(1000, 700, true)).toBe(2100);
    expect(pauseMs(10 ** 6, 10 ** 5, true)).toBe(5000);
  });
});

describe("waiting", () => {
  it("ends when somebody stops the process, and leaves no handler of its signals", async () => {
    const before = process.listenerCount("SIGHUP");
    const waits = [1, 2].map(() => stoppable(() => new Promise(() => undefined)));
    process.emit("SIGHUP");
    for (const wait of waits) await expect(wait).rejects.toThrow(/^Stopped/);
    expect(await stoppable(async () => 7)).toBe(7);
    expect(process.listenerCount("SIGHUP")).toBe(before);
  });
});

describe("health tests that restart", () => {
  it("come so often that a hanging server is restarted about when it should be", () => {
    expect(watchInterval(30, 60)).toBe(15);
    expect(watchInterval(2, 60)).toBe(2);
    expect(watchInterval(30, 3)).toBe(1);
    expect(watchInterval(30, 0)).toBe(30);
  });
});

describe("a container that nobody has seen ready", () => {
  const at = (seconds: number) => Date.parse(LOOK.startedAt) + seconds * 1000;

  it.each([
    ["ready", { isReady: true, restarts: 3 }, 500],
    ["starting", {}, 119],
    ["failed", {}, 120],
    ["failed", { restarts: 1 }, 1],
    ["failed", { state: "restarting" }, 1],
    ["failed", { state: "paused" }, 1],
  ])("counts as %s: %o, %d s after its start", (verdict, seen, seconds) => {
    expect(judgeStart({ ...LOOK, ...seen }, 120, at(seconds))).toBe(verdict);
  });
});

describe("what is said of containers that did not get ready", () => {
  const one = (seen: Partial<Look>, more: Partial<Unready> = {}): Unready => ({
    ...{ name: "region-a-server", urn: "urn::server", answered: false, patienceSeconds: 120, log: [] },
    ...{ ...more, look: { ...LOOK, ...seen } },
  });
  const said = (...args: Parameters<typeof one>) => unreadyText([one(...args)]).split("\n")[1];
  const check = { command: ["/check", "server"], output: "" };

  it.each<[string, Parameters<typeof one>]>([
    [
      "its check ends with 1: no; way (/check server)",
      [{ check: { ...check, code: 1, output: "no\nway\n" } }],
    ],
    [
      "its check cannot be run: no such file (/check server)",
      [{ check: { ...check, output: "no such file" } }],
    ],
    ["restarts in circles: 7 times within 120 s, last with exit code 3", [{ restarts: 7, exitCode: 3 }]],
    [
      "restarts in circles: 2 times within 120 s, last with exit code 137, killed at its memory limit",
      [{ state: "restarting", restarts: 2, exitCode: 137, outOfMemory: true }],
    ],
    ["answered once and then ended (exit code 0)", [{ restarts: 1 }, { answered: true }]],
    ["is exited (exit code 2)", [{ state: "exited", exitCode: 2 }]],
    ["is gone: somebody removed it", [{ state: "gone" }, { answered: true }]],
  ])("%s", (words, args) => {
    expect(said(...args)).toContain(words);
  });

  it("one whose check does not end hangs", () => {
    // Only an exec that is left behind has one.
    const exec = {} as NonNullable<NonNullable<Look["check"]>["exec"]>;
    expect(said({ check: { ...check, exec } })).toContain(
      "hangs in its check within 120 s; this has not ended: /check",
    );
  });

  it("names all of them with the ends of their logs, and what plain pulumi must be told", () => {
    const text = unreadyText([one({ restarts: 1 }, { log: ["first", "last"] }), one({}, { urn: "urn::db" })]);
    expect(text.split("\n")[0]).toBe("Not ready (2):");
    expect(text).toContain("    | first\n    | last\n");
    expect(text).toContain("pulumi up --replace 'urn::server' --replace 'urn::db'");
  });

  it("holds no value of the environment and no password of a URL", () => {
    const env = ["MODE=production", "TOKEN=abcdefghijkl", "URL=redis://app:pass@cache:6379/0", "LOG=info"];
    const text = "info: abcdefghijkl at redis://app:pass@cache:6379/0, postgresql://u:secret@db/x in MODE";
    expect(withoutSecrets(text, env)).toBe("info: *** at ***, postgresql://***@db/x in MODE");
  });
});
