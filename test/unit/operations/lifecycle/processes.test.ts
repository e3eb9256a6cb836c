import { chmodSync, chownSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { noTerminal, onTerminal } from "../../../support/terminal";
import { REPOSITORY } from "../../../support/toolchain";
import { contents, file, folderOf, NOBODY, nexus, nexusAtOnce, project } from "./project";

describe("npm run region, as a process", () => {
  it("lists and shows regions for people and for programs", () => {
    const cwd = project({ borealis: file("borealis", 2), aurora: file("aurora", 1) });
    const table = nexus(cwd, ["region", "list"]);
    expect(table.code).toBe(0);
    expect(table.stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, 6))).toEqual([
      ["NAME", "SLOT", "CPU", "MEMORY", "DISK", "PLAYERS"],
      ["aurora", "1", "1", "2GB", "10GB", "100"],
      ["borealis", "2", "1", "2GB", "10GB", "100"],
      [""],
    ]);
    expect(table.stderr).toBe("2 regions in regions/dev; the lowest free slot is 3.\n");
    const json: unknown = JSON.parse(nexus(cwd, ["region", "list", "--format", "json"]).stdout);
    expect(parse(nexus(cwd, ["region", "list", "-f", "yaml"]).stdout)).toEqual(json);
    const shown = nexus(cwd, ["region", "show", "aurora", "--format=json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      name: "aurora",
      network: "172.22.1.0/24",
      file: "regions/dev/aurora.yaml",
      containers: [
        { role: "server" },
        { role: "db" },
        { role: "cache" },
        { role: "worker" },
        { role: "storage" },
      ],
    });
    expect(nexus(cwd, ["region", "show", "aurora"]).stdout).toContain("region-aurora-storage");
  }, 60_000);

  it("adds, scales, says when there is nothing to do, and removes", () => {
    const cwd = project({});
    const added = nexus(cwd, [
      "region",
      "add",
      "nova",
      "--owner",
      "me",
      "--memory",
      "4 GiB",
      "--format",
      "json",
    ]);
    expect(added.code).toBe(0);
    expect(JSON.parse(added.stdout)).toMatchObject({ result: "added", region: { name: "nova", slot: 1 } });
    expect(added.stderr).toContain("1GiB is 1,073,741,824 bytes");
    expect(added.stderr).toContain("It costs USD 6.52 a month, and its owner pays 25.00 (nexus:prices).");
    expect(added.stderr).toContain("Next: npm run preview");
    const scaled = nexus(cwd, ["region", "scale", "nova", "--cpu", "4"]);
    expect([scaled.code, scaled.stdout]).toEqual([0, ""]);
    expect(scaled.stderr).toMatch(/cpu +2 -> 4/);
    const again = nexus(cwd, ["region", "scale", "nova", "--cpu", "4"]);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain("nothing to change");
    expect(nexus(cwd, ["region", "remove", "nova"]).code).toBe(2);
    expect(nexus(cwd, ["region", "remove", "nova", "--yes"]).code).toBe(0);
    expect(contents(cwd)).toEqual({ "README.md": "" });
  }, 60_000);

  it.skipIf(noTerminal)(
    "asks on a terminal, and takes nothing but the name for a yes",
    async () => {
      const cwd = project({ aurora: file("aurora", 1) });
      const answered = (answer: string) =>
        onTerminal(
          ["region", "remove", "aurora", "-C", cwd],
          { cwd: REPOSITORY, env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent" } },
          "Type the name of the region to go on: ",
          answer,
        );
      expect(await answered("yes")).toMatchObject({
        code: 0,
        text: expect.stringContaining("Nothing was removed."),
      });
      expect(Object.keys(contents(cwd))).toContain("aurora.yaml");
      expect(await answered("aurora")).toMatchObject({
        code: 0,
        text: expect.stringContaining("removed. Next:"),
      });
      expect(Object.keys(contents(cwd))).toEqual(["README.md"]);
    },
    60_000,
  );

  it.each([
    [["region", "scale", "aurora", "--cpu", "-1"], "--cpu: -1 was given"],
    [["region", "add", "nova", "--owner", "me", "--apply"], "there is no terminal to ask on"],
    [["region", "list", "--format", "xml"], "Allowed choices are table, json, yaml"],
    [["region", "list", "--stack", "other"], "regions/other: does not exist"],
  ])("%j is bad input and changes nothing", (args, words) => {
    const cwd = project({ aurora: file("aurora", 1) });
    const before = contents(cwd);
    const outcome = nexus(cwd, args);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(words);
    expect(contents(cwd)).toEqual(before);
  });

  it("reports problems as JSON to a program", () => {
    const cwd = project({ aurora: file("aurora", 1, "colour: red\n") });
    const { code, stdout } = nexus(cwd, ["region", "list", "--format", "json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      result: "bad-input",
      problems: [{ line: 8, path: "colour" }],
    });
  });

  it("says in one line that a folder cannot be written", () => {
    const cwd = project({ aurora: file("aurora", 1) });
    chmodSync(join(cwd, "regions/dev"), 0o555);
    const root = process.getuid?.() === 0;
    for (const args of [
      ["region", "add", "nova", "--owner", "me"],
      ["region", "scale", "aurora", "--cpu", "4"],
    ]) {
      const { code, stderr } = nexus(cwd, args, root ? NOBODY : undefined);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).toContain("regions/dev: could not be written: this user may not. Nothing was changed.");
    }
    chmodSync(join(cwd, "regions/dev"), 0o755);
    expect(contents(cwd)).toEqual({ "README.md": "", "aurora.yaml": file("aurora", 1) });
  }, 60_000);

  it("does not replace a read-only file", () => {
    const cwd = project({ aurora: file("aurora", 1) });
    const root = process.getuid?.() === 0;
    if (root) chownSync(join(cwd, "regions/dev"), NOBODY, NOBODY);
    chmodSync(join(cwd, "regions/dev/aurora.yaml"), 0o444);
    const { code, stderr } = nexus(
      cwd,
      ["region", "scale", "aurora", "--cpu", "4"],
      root ? NOBODY : undefined,
    );
    expect(code).toBe(2);
    expect(stderr).toContain("regions/dev/aurora.yaml: could not be written: this user may not.");
    expect(contents(cwd)).toEqual({ "README.md": "", "aurora.yaml": file("aurora", 1) });
  });
});

describe("several at once", () => {
  it("never take the same slot, and never the same file", async () => {
    const cwd = project({ aurora: file("aurora", 1) });
    // What a killed command leaves must stop nobody.
    writeFileSync(join(cwd, "regions/dev/.region-lock"), JSON.stringify({ pid: 999_999_999, started: "1" }));
    const names = Array.from({ length: 6 }, (_, index) => `nova-${index}`);
    const same = Array.from({ length: 3 }, () => "the-one");
    const outcomes = await nexusAtOnce(
      cwd,
      [...names, ...same].map((name) => ["region", "add", name, "--owner", "me"]),
    );
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 2]);
    for (const { code, stderr } of outcomes) {
      if (code === 2) expect(stderr).toContain('NAME: "the-one" is taken by regions/dev/the-one.yaml');
    }
    const regions = folderOf(cwd).models();
    expect(regions.map(({ slot }) => slot).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(readdirSync(join(cwd, "regions/dev")).filter((name) => name.startsWith("."))).toEqual([]);
  }, 120_000);

  it("each keep what the other one scaled, through a link too", async () => {
    const cwd = project({ borealis: file("borealis", 2) });
    writeFileSync(join(cwd, "shared.yaml"), file("aurora", 1));
    symlinkSync("../../shared.yaml", join(cwd, "regions/dev/aurora.yaml"));
    const outcomes = await nexusAtOnce(cwd, [
      ["region", "scale", "aurora", "--cpu", "4"],
      ["region", "scale", "aurora", "--memory", "8GB"],
      ["region", "scale", "aurora", "--disk", "40GB"],
      ["region", "scale", "aurora", "--players", "40"],
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(join(cwd, "shared.yaml"), "utf8")).toBe(
      "name: aurora\nslot: 1\nowner: player-1\nresources:\n  cpu: 4\n  memory: 8GB\n  disk: 40GB\nplayers: 40\n",
    );
  }, 120_000);
});
