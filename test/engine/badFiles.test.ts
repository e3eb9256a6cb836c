import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Outcome } from "../support/command";
import { docker, objectsOf } from "../support/containers";
import { Project } from "../support/project";
import { type ReportLine, reportLines } from "../support/report";
import { engineSuite } from "../support/suite";

const START = "slot: SLOT\nowner: someone\n";

/** A file that is wrong, where its one problem is, and what the message must say of what was given and is allowed. */
interface BadFile {
  what: string;
  file: string;
  text: string | Buffer;
  /** `line:column`, or "" when it is the file as a whole. */
  at: string;
  says: RegExp;
}

const ALIASES = `x: &x [1]\nname: many-aliases\nlist: [${Array.from({ length: 10_000 }, () => "*x").join(", ")}]\n`;

const BAD_FILES: BadFile[] = [
  bad("unknown key", "unknown-key", "colour: red\n", "4:1", /unknown key.*allowed/),
  bad("a misspelt key", "misspelt-key", "plaiers: 50\n", "4:1", /[Dd]id you mean "?players/),
  bad("wrong type", "wrong-type", "players: many\n", "4:10", /"many".*whole number.*10.*1000/),
  bad("CPU below its range", "cpu-low", "resources: {cpu: 0.5}\n", "4:18", /0\.5 was given.*1.*8/),
  bad("CPU above its range", "cpu-high", "resources: {cpu: 9}\n", "4:18", /9 was given.*1.*8/),
  bad("memory below its range", "memory-low", "resources: {memory: 1GB}\n", "4:21", /"1GB".*2 ?GB.*16 ?GB/),
  bad(
    "memory above its range",
    "memory-high",
    "resources: {memory: 17GB}\n",
    "4:21",
    /"17GB".*2 ?GB.*16 ?GB/,
  ),
  bad("disk below its range", "disk-low", "resources: {disk: 9GB}\n", "4:19", /"9GB".*10 ?GB.*100 ?GB/),
  bad("disk above its range", "disk-high", "resources: {disk: 101GB}\n", "4:19", /"101GB".*10 ?GB.*100 ?GB/),
  bad("an unknown unit", "unknown-unit", "resources: {memory: 4GX}\n", "4:21", /"4GX".*GB/),
  bad("a missing unit", "missing-unit", "resources: {memory: 4}\n", "4:21", /4 was given.*GB/),
  bad(
    "a duplicate YAML key",
    "twice-key",
    "players: 50\nplayers: 60\n",
    "5:1",
    /"?players"?.*a second time \(first in line 4/,
  ),
  raw("a missing field", "missing-field", "name: missing-field\nslot: 50\n", "1:1", /owner/),
  raw("slot 0", "slot-zero", "name: slot-zero\nslot: 0\nowner: someone\n", "2:7", /0 was given.*1 to 255/),
  raw(
    "slot 256",
    "slot-high",
    "name: slot-high\nslot: 256\nowner: someone\n",
    "2:7",
    /256 was given.*1 to 255/,
  ),
  raw(
    "a slot as text",
    "slot-text",
    "name: slot-text\nslot: one\nowner: someone\n",
    "2:7",
    /"one".*1 to 255/,
  ),
  raw("a reserved name", "nexus", "name: nexus\nslot: 60\nowner: someone\n", "1:7", /"nexus".*any name but/),
  raw(
    "a UUID as name",
    "6f1b8c1e-4a53-4f0e-9a53-0d3f0f6f9a01",
    "name: 6f1b8c1e-4a53-4f0e-9a53-0d3f0f6f9a01\nslot: 61\nowner: someone\n",
    "1:7",
    /not a UUID/,
  ),
  raw("upper case", "Upper", "name: Upper\nslot: 62\nowner: someone\n", "1:7", /"Upper".*lower.case/),
  raw(
    "a name that is not the file's",
    "file-name",
    "name: other-name\nslot: 63\nowner: someone\n",
    "1:7",
    /Rename/,
  ),
  raw(
    "a duplicate slot",
    "slot-again",
    "name: slot-again\nslot: 63\nowner: someone\n",
    "2:7",
    /63.*file-name\.yaml:2:7/,
  ),
  raw("an empty file", "empty", "", "", /is empty/),
  raw("not YAML", "not-yaml", "name: [unclosed\nslot: 1\n", "2:1", /not valid YAML/),
  raw("binary", "binary", Buffer.from([0xff, 0xfe, 0x00, 0x01]), "", /UTF-8/),
  raw("10,000 aliases", "many-aliases", ALIASES, "3:8", /alias.*allowed/),
  raw("a 10 MB file", "ten-megabytes", "#".repeat(10 * 2 ** 20), "", /10,485,760 bytes.*64 KiB/),
];

/** A region file with everything right but one line. */
function bad(what: string, name: string, line: string, at: string, says: RegExp): BadFile {
  return raw(what, name, `name: ${name}\n${START}${line}`, at, says);
}

function raw(what: string, name: string, text: string | Buffer, at: string, says: RegExp): BadFile {
  return { what, file: `${name}.yaml`, text, at, says };
}

engineSuite("bad files", (run) => {
  let project: Project;
  let outcome: Outcome;
  let lines: ReportLine[];
  const place = (file: string): string => join("regions", project.stack, file);

  beforeAll(async () => {
    project = await Project.make(run, "b", docker);
    project.writeSettings({
      "nexus:networks": { nexus: "10.1.0.0/16", regional: "10.1.0.0/16", regions: "10.3.0.0/24" },
      "nexus:profil": "laptop",
    });
    for (const [index, { file, text }] of BAD_FILES.entries()) {
      const content = typeof text === "string" ? text.replace("SLOT", String(100 + index)) : text;
      writeFileSync(join(project.regionsDir, file), content);
    }
    writeFileSync(join(project.regionsDir, "twin.yaml"), "name: twin\nslot: 201\nowner: someone\n");
    writeFileSync(join(project.regionsDir, "twin.yml"), "name: twin\nslot: 202\nowner: someone\n");
    outcome = await project.cli(["up", "--stack", project.stack, "--yes"]);
    lines = reportLines(outcome.stderr).lines;
  });
  afterAll(() => project?.remove(docker));

  it("end every command with exit code 2 and one report of all problems of all files", async () => {
    expect(outcome.code, outcome.output).toBe(2);
    // One a file; the twins have two (ending and name), the settings three.
    const expected = BAD_FILES.length + 2 + 3;
    expect(reportLines(outcome.stderr).heading).toBe(
      `${expected} problems in the configuration; nothing was changed.`,
    );
    expect(lines).toHaveLength(expected);
    for (const command of [["preview"], ["start"], ["destroy", "--yes"]]) {
      const other = await project.cli([...command, "--stack", project.stack]);
      expect(other.code, command[0]).toBe(2);
      expect(other.stderr, command[0]).toBe(outcome.stderr);
    }
  });

  it.each(BAD_FILES)(
    "$what: one message with its place, what was given, what is allowed, what to do",
    ({ file, at, says }) => {
      const own = lines.filter((line) => line.place.startsWith(`${place(file)}`));
      expect(own).toHaveLength(1);
      const [line] = own;
      expect(line?.place).toBe(at === "" ? place(file) : `${place(file)}:${at}`);
      expect(line?.message).toMatch(says);
      // The last sentence tells what to do.
      expect(line?.message).toMatch(/[.;] [A-Z"].*[.?")]$/);
    },
  );

  it("a duplicate name names both files", () => {
    const messages = lines
      .filter(({ place: at }) => at.startsWith(place("twin.yml")))
      .map(({ message }) => message);
    expect(messages.some((message) => message.includes(`${place("twin.yaml")}:1:7`))).toBe(true);
  });

  it("settings: overlapping ranges, a range of the wrong size and an unknown key, each at its line", () => {
    const file = `Pulumi.${project.stack}.yaml`;
    const own = lines.filter((line) => line.place.startsWith(file));
    expect(own.every((line) => /^Pulumi\.\w+\.yaml:\d+:\d+$/.test(line.place))).toBe(true);
    const text = own.map(({ message }) => message).join("\n");
    expect(text).toMatch(/10\.1\.0\.0\/16.*overlaps/);
    expect(text).toMatch(/10\.3\.0\.0\/24.*\/16/);
    expect(text).toMatch(/profil.*[Dd]id you mean.*profile/);
  });

  it("change nothing: no state, no object", async () => {
    expect(existsSync(join(project.dir, ".nexus"))).toBe(false);
    expect(await objectsOf(project)).toEqual({ containers: [], networks: [], volumes: [] });
  });
});
