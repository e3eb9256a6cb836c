import { describe, expect, it, vi } from "vitest";
import { openCache } from "../../../setup/cache";
import type { Context } from "../../../setup/context";
import { commandEnv, exitCodeOf } from "../../../setup/handover";
import { createUi, duration, tickerLine } from "../../../setup/ui";

describe("duration", () => {
  it.each([
    [40, "0.0 s"],
    [2_340, "2.3 s"],
    [9_960, "10 s"],
    [59_400, "59 s"],
    [185_000, "3 min 5 s"],
  ])("%d ms is %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe("progress", () => {
  it("on a terminal is one line of what takes longer than two seconds, cut to its width", () => {
    const steps = [
      { name: "npm", ms: 1_900, status: "" },
      { name: "pulumi", ms: 61_000, status: "compiling the CLI" },
      { name: "images", ms: 3_000, status: "" },
    ];
    expect(tickerLine(steps, 100)).toBe("… pulumi 1 min 1 s (compiling the CLI) · images 3.0 s");
    expect(tickerLine(steps, 20)).toBe("… pulumi 1 min 1 s …");
    expect(tickerLine(steps.slice(0, 1), 100)).toBe("");
  });

  it("without one is a line now and then", () => {
    vi.useFakeTimers();
    try {
      let text = "";
      const ui = createUi({ write: (more: string) => (text += more) });
      ui.begin("pulumi", "build it");
      ui.status("pulumi", "compiling");
      vi.advanceTimersByTime(31_000);
      ui.end("pulumi", true);
      ui.close();
      expect(text.split("\n")).toEqual([
        "- pulumi: build it",
        "  pulumi: 15 s so far (compiling)",
        "  pulumi: 30 s so far (compiling)",
        "✓ pulumi (31 s)",
        "",
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("handing over", () => {
  it("ends as the command ended", () => {
    expect(exitCodeOf(0, null)).toBe(0);
    expect(exitCodeOf(2, null)).toBe(2);
    expect(exitCodeOf(null, "SIGINT")).toBe(130);
    expect(exitCodeOf(null, "SIGKILL")).toBe(137);
  });

  const context = (needs: string[], found: object) =>
    ({
      env: { PATH: "/bin", PULUMI_HOME: "/home" },
      home: "/h",
      cache: openCache({ NEXUS_CACHE: "/c" }),
      needs,
      found,
    }) as unknown as Context;
  it("puts the Pulumi that was found first", () => {
    const found = {
      pulumi: { source: "build", bin: "/built/bin" },
      dockerHost: "unix:///var/run/docker.sock",
    };
    expect(commandEnv(context(["pulumi"], found))).toEqual({
      PATH: "/built/bin:/bin",
      PULUMI_HOME: "/home",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      NEXUS_PULUMI: "/built/bin",
    });
    const own = { pulumi: { source: "path", bin: "/usr/bin" } };
    expect(commandEnv(context(["pulumi"], own))).not.toHaveProperty("NEXUS_PULUMI");
  });
  it("names an engine that is somewhere else", () => {
    expect(commandEnv(context(["pulumi"], { dockerHost: "unix:///run/user/1/docker.sock" }))).toMatchObject({
      DOCKER_HOST: "unix:///run/user/1/docker.sock",
    });
  });
  it("leaves the environment alone for a command without Pulumi", () => {
    expect(commandEnv(context(["npm packages"], {}))).toEqual({ PATH: "/bin", PULUMI_HOME: "/home" });
  });
});
