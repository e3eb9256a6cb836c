import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { REPOSITORY } from "../../support/toolchain";
import { eventually } from "../../support/wait";

/** A pulumi that works until it is let go, or sent SIGINT, which the real one answers in its own time. */
const PULUMI = `#!/bin/sh
trap 'echo interrupted; exit "$ON_INT"' INT
echo begun > begun
while [ ! -e go ]; do sleep 0.05; done
echo whole > whole
`;

const WORK = {
  job: `withJobContainer({ createContainer: async () => ({ remove: async () => say("removed") }) }, {}, work)`,
  "captured export": `capturePulumi(place, ["stack", "export"])`,
  "captured preview": `capturePulumi(place, ["preview"])`,
  run: `runPulumi(place, ["up"], { stdio: ["ignore", "ignore", "ignore"] })`,
} as const;

/** What is left of a process that was stopped at some work, after which it would say "after". */
interface End {
  /** Its exit code, or the signal that ended it. */
  end: number | NodeJS.Signals;
  said: string;
}

async function stopped(
  work: keyof typeof WORK,
  onInt: number,
  presses: readonly NodeJS.Signals[],
): Promise<End & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "nexus-interrupt-"));
  onTestFinished(() => {
    // Whoever still waits ends as well.
    writeFileSync(join(folder, "go"), "");
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, "pulumi"), PULUMI, { mode: 0o755 });
  const script = `
    const { existsSync, writeFileSync } = require("node:fs");
    const { withJobContainer } = require("${REPOSITORY}/components/job");
    const { capturePulumi, runPulumi } = require("${REPOSITORY}/operations/deploy/pulumi/process");
    const say = (text) => process.stdout.write(text + "\\n");
    const place = { cwd: "${folder}", env: process.env };
    const work = async () => {
      writeFileSync("begun", "");
      while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    ${WORK[work]}.then((code) => say("after " + code), (error) => { say(error.message); process.exit(1); });
  `;
  const child = spawn(
    process.execPath,
    ["--import", join(REPOSITORY, "node_modules/tsx/dist/loader.mjs"), "--eval", script],
    {
      cwd: folder,
      env: { ...process.env, ON_INT: String(onInt), PATH: `${folder}${delimiter}${process.env.PATH}` },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let said = "";
  child.stdout.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const ended = new Promise<End["end"]>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? -1));
  });
  await eventually("it works", () => existsSync(join(folder, "begun")) || undefined, { pauseMs: 20 });
  for (const [index, signal] of presses.entries()) {
    // Within a second it would be the same key press, on another way.
    if (index > 0) await new Promise((resolve) => setTimeout(resolve, 1100));
    child.kill(signal);
  }
  // Those that wait for more than the signal are let go when it has surely come.
  const waits = presses.length === 1 && (work === "job" || work === "captured export");
  if (waits) setTimeout(() => writeFileSync(join(folder, "go"), ""), 1000);
  return { end: await ended, said: said.trim(), folder };
}

it.each([
  ["job", 0, "SIGINT", "SIGINT", "removed", false],
  ["job", 0, "SIGTERM", "SIGTERM", "removed", false],
  // It may hold the lock, so it is not told.
  ["captured export", 0, "SIGTERM", "SIGTERM", "", true],
  ["captured preview", 1, "SIGTERM", "SIGTERM", "", false],
  ["run", 7, "SIGTERM", 0, "after 7", false],
  // Pulumi was done when it was told: what comes after it must not begin.
  ["run", 0, "SIGINT", 1, expect.stringMatching(/^Stopped\./), false],
] as const)(
  "a %s (pulumi: %d) that is sent %s ends with %s",
  async (work, onInt, press, end, said, whole) => {
    const seen = await stopped(work, onInt, [press]);
    expect(seen).toMatchObject({ end, said });
    expect(existsSync(join(seen.folder, "whole"))).toBe(whole);
  },
);

it("a second press waits for nothing", async () => {
  expect(await stopped("job", 0, ["SIGINT", "SIGINT"])).toMatchObject({ end: "SIGINT", said: "" });
});
