import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { renderProblem } from "../../../config/problems";
import { readRegions } from "../../../regions/load";
import { regionFile, tempFolder } from "./tempFolder";

const KEYS =
  "name, slot, owner, resources, players, governance, economy, startingCredits, startingShip, language, theme, rules";
const NAME_RULE = "3 to 32 lower-case letters, digits and single hyphens between them";
const SLOT_RULE =
  "a whole number from 1 to 255. Choose a slot that no other region uses, and never change it later.";
const OWNER_RULE = "the owner's id in the game: letters, digits and . _ @ + -.";
const TOO_SMALL = "With less, a region's five containers cannot start and serve.";
const GB_GIB = "1GB is 1,000,000,000 bytes, 1GiB is 1,073,741,824 bytes (1.074GB)";
const RESERVED =
  "admin, administrator, api, app, central, central-nexus, default, ftp, galactic, help, mail, moderator, my-region, nexus, official, platform, production, root, staff, staging, support, system, test, treaties, www";

/** What is reported for a folder with these files, without the folder's own path. */
function report(files: Record<string, string | Buffer>): string[] {
  return reportOf(tempFolder(files));
}

function reportOf(dir: string): string[] {
  const { problems, regions } = readRegions({ dir, projectDir: dir });
  if (problems.length === 0) throw new Error(`no problem was found: ${JSON.stringify(regions)}`);
  return problems.map(renderProblem);
}

describe("one wrong file, one message with its place", () => {
  it.each<[what: string, yaml: string, message: string]>([
    [
      "unknown key",
      regionFile("aurora", 1, "colour: red\n"),
      `aurora.yaml:4:1: colour: an unknown key was given; allowed is any of ${KEYS}. Remove it, or write one of these.`,
    ],
    [
      "misspelt key",
      regionFile("aurora", 1, "govermance: council\n"),
      `aurora.yaml:4:1: govermance: an unknown key was given; allowed is any of ${KEYS}. Did you mean "governance"?`,
    ],
    [
      "misspelt nested key",
      regionFile("aurora", 1, "resources:\n  memroy: 4GB\n"),
      'aurora.yaml:5:3: resources.memroy: an unknown key was given; allowed is any of cpu, memory, disk. Did you mean "resources.memory"?',
    ],
    [
      "key on the wrong level",
      regionFile("aurora", 1, "cpu: 2\n"),
      `aurora.yaml:4:1: cpu: an unknown key was given; allowed is any of ${KEYS}. Did you mean "resources.cpu"?`,
    ],
    [
      "key of the original configuration",
      regionFile("aurora", 1, "max_players: 20\n"),
      `aurora.yaml:4:1: max_players: an unknown key was given; allowed is any of ${KEYS}. Did you mean "players"?`,
    ],
    [
      "__proto__ as a key",
      regionFile("aurora", 1, "__proto__: {players: 20}\n"),
      `aurora.yaml:4:1: __proto__: an unknown key was given; allowed is any of ${KEYS}. Remove it, or write one of these.`,
    ],
    [
      "wrong type of a map",
      regionFile("aurora", 1, "resources: 4GB\n"),
      'aurora.yaml:4:12: resources: "4GB" was given; allowed is a map with the keys cpu, memory, disk. Write it as indented `key: value` lines.',
    ],
    [
      "empty map",
      regionFile("aurora", 1, "resources:\n"),
      "aurora.yaml:4:1: resources: nothing (an empty value) was given; allowed is a map with the keys cpu, memory, disk. Write it as indented `key: value` lines.",
    ],
    [
      "number as owner",
      "name: aurora\nslot: 1\nowner: 42\n",
      `aurora.yaml:3:8: owner: 42 was given; allowed is ${OWNER_RULE} Put it in quotes: "42".`,
    ],
    [
      "missing field",
      "name: aurora\nslot: 1\n",
      `aurora.yaml:1:1: owner: nothing was given; allowed is ${OWNER_RULE} Write the id of the account that owns the region.`,
    ],
    [
      "duplicate key",
      regionFile("aurora", 1, "slot: 2\n"),
      'aurora.yaml:4:1: slot: the key "slot" a second time (first in line 2, column 1) was given; allowed is each key once. Remove one of the two.',
    ],
    [
      "duplicate key in game data",
      regionFile("aurora", 1, "rules:\n  pvp: true\n  'pvp': false\n"),
      'aurora.yaml:6:3: rules.pvp: the key "pvp" a second time (first in line 5, column 3) was given; allowed is each key once. Remove one of the two.',
    ],
    ["slot 0", regionFile("aurora", 0), `aurora.yaml:2:7: slot: 0 was given; allowed is ${SLOT_RULE}`],
    ["slot 256", regionFile("aurora", 256), `aurora.yaml:2:7: slot: 256 was given; allowed is ${SLOT_RULE}`],
    [
      "slot with a fraction",
      regionFile("aurora", 1.5),
      `aurora.yaml:2:7: slot: 1.5 was given; allowed is ${SLOT_RULE}`,
    ],
    [
      "slot as text",
      "name: aurora\nslot: one\nowner: a\n",
      `aurora.yaml:2:7: slot: "one" was given; allowed is ${SLOT_RULE}`,
    ],
    [
      "slot in quotes",
      'name: aurora\nslot: "1"\nowner: a\n',
      'aurora.yaml:2:7: slot: "1" was given; allowed is a whole number from 1 to 255. Write the number without quotes.',
    ],
    [
      "CPU above its range",
      regionFile("aurora", 1, "resources:\n  cpu: 8.01\n"),
      "aurora.yaml:5:8: resources.cpu: 8.01 was given; allowed is a number of CPUs from 1 to 8. Choose a number in that range.",
    ],
    [
      "CPU too fine",
      regionFile("aurora", 1, "resources:\n  cpu: 1.005\n"),
      "aurora.yaml:5:8: resources.cpu: 1.005 was given; allowed is a number of CPUs from 1 to 8, in steps of 0.01. Write at most two decimals.",
    ],
    [
      "CPU that is not a number",
      regionFile("aurora", 1, "resources:\n  cpu: .nan\n"),
      "aurora.yaml:5:8: resources.cpu: NaN was given; allowed is a number of CPUs from 1 to 8. Write a number without a unit, such as 2 or 1.5.",
    ],
    [
      "memory below its range",
      regionFile("aurora", 1, "resources:\n  memory: 1.999GB\n"),
      `aurora.yaml:5:11: resources.memory: "1.999GB" was given; allowed is a size from 2GB to 16GB. ${TOO_SMALL} Choose a size in that range; ${GB_GIB}.`,
    ],
    [
      "memory above its range, in GiB",
      regionFile("aurora", 1, "resources:\n  memory: 16GiB\n"),
      `aurora.yaml:5:11: resources.memory: "16GiB" was given; allowed is a size from 2GB to 16GB. Choose a size in that range; ${GB_GIB}.`,
    ],
    [
      "memory without a unit",
      regionFile("aurora", 1, "resources:\n  memory: 4\n"),
      "aurora.yaml:5:11: resources.memory: 4 was given; allowed is a size from 2GB to 16GB. Write the unit as well, such as 4GB.",
    ],
    [
      "memory in quotes without a unit",
      regionFile("aurora", 1, 'resources:\n  memory: "4"\n'),
      'aurora.yaml:5:11: resources.memory: "4" was given; allowed is a size from 2GB to 16GB. Write the unit as well, such as 4GB.',
    ],
    [
      "unknown unit",
      regionFile("aurora", 1, "resources:\n  memory: 4gb\n"),
      'aurora.yaml:5:11: resources.memory: "4gb" was given; allowed is a size in MB, GB, TB, MiB, GiB, TiB. Did you mean "GB"?',
    ],
    [
      "negative disk",
      regionFile("aurora", 1, "resources:\n  disk: -20GB\n"),
      'aurora.yaml:5:9: resources.disk: "-20GB" was given; allowed is a size from 10GB to 100GB. Write a number, up to three decimals and a unit (MB, GB, TB, MiB, GiB, TiB), such as 4GB or 4.5GiB.',
    ],
    [
      "infinite players",
      regionFile("aurora", 1, "players: .inf\n"),
      "aurora.yaml:4:10: players: Infinity was given; allowed is a whole number from 10 to 1000. Choose how many players may be in the region at once.",
    ],
    [
      "more players than the memory holds",
      regionFile("aurora", 1, "players: 1000\n"),
      "aurora.yaml:4:10: players: 1000 with 4GB of memory was given; allowed is at least 7.1GB of memory for 1000 players. Write resources: memory: 7.1GB, or fewer players.",
    ],
    [
      "unknown economy",
      regionFile("aurora", 1, "economy: piracy\n"),
      'aurora.yaml:4:10: economy: "piracy" was given; allowed is one of agricultural, balanced, commerce, industrial, military, technological. Choose one of them.',
    ],
    [
      "number in the language map",
      regionFile("aurora", 1, "language: {currency: 5}\n"),
      'aurora.yaml:4:11: language: 5 for "currency" was given; allowed is a map of texts. Put the text in quotes.',
    ],
    [
      "key that is not text",
      regionFile("aurora", 1, "rules: {1: a}\n"),
      "aurora.yaml:4:9: rules: the key 1 was given; allowed is text as a key. Put the key in quotes.",
    ],
    ["empty file", "", "aurora.yaml: is empty; allowed is a region. Write at least name, slot and owner."],
    [
      "comments only",
      "# to do\n",
      "aurora.yaml: is empty; allowed is a region. Write at least name, slot and owner.",
    ],
    [
      "not YAML",
      "name: [aurora\n",
      "aurora.yaml:2:1: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct the line; lists, quotes and colons are the usual cause.",
    ],
    [
      "several documents",
      `${regionFile("aurora", 1)}---\n${regionFile("vega", 2)}---\n`,
      "aurora.yaml:4:1: a second YAML document starts here; allowed is one document a file. Put each into its own file.",
    ],
    [
      "a list",
      "- aurora\n",
      `aurora.yaml:1:1: a list was given; allowed is a map with the keys ${KEYS}. Write it as indented \`key: value\` lines.`,
    ],
    [
      "text",
      "aurora\n",
      `aurora.yaml:1:1: "aurora" was given; allowed is a map with the keys ${KEYS}. Write it as indented \`key: value\` lines.`,
    ],
    [
      "tab as indentation",
      "name: aurora\nresources:\n\tcpu: 2\n",
      "aurora.yaml:3:1: a tab was given as indentation; allowed are spaces. Replace the tab by spaces.",
    ],
    [
      "tag",
      "name: aurora\nslot: !!binary 1\nowner: a\n",
      "aurora.yaml:2:7: a YAML tag (!...) was given; allowed are plain values. Remove the tag.",
    ],
    [
      "place in the line of a byte order mark",
      "\uFEFF{slot: 0, name: aurora, owner: a}\n",
      `aurora.yaml:1:8: slot: 0 was given; allowed is ${SLOT_RULE}`,
    ],
    [
      "place after a byte order mark and CRLF",
      "\uFEFFname: aurora\r\nslot: 0\r\nowner: a\r\n",
      `aurora.yaml:2:7: slot: 0 was given; allowed is ${SLOT_RULE}`,
    ],
  ])("%s", (_what, yaml, message) => {
    expect(report({ "aurora.yaml": yaml })).toEqual([message]);
  });
});

describe("names", () => {
  it.each<[name: string, message: string]>([
    ["Aurora", `"Aurora" was given; allowed is ${NAME_RULE}. Use lower case: "aurora".`],
    ["deep_space", `"deep_space" was given; allowed is ${NAME_RULE}. Use "-" in place of "_".`],
    ["deep.space", `"deep.space" was given; allowed is ${NAME_RULE}. Leave out the character ".".`],
    ["-deep", `"-deep" was given; allowed is ${NAME_RULE}. Do not begin or end with "-".`],
    ["deep--space", `"deep--space" was given; allowed is ${NAME_RULE}. Write one "-" in place of several.`],
    ["ab", `"ab" was given; allowed is ${NAME_RULE}. This name has 2; choose a longer one.`],
    [
      "a".repeat(33),
      `"${"a".repeat(33)}" was given; allowed is ${NAME_RULE}. This name has 33; choose a shorter one.`,
    ],
    ["123", `123 was given; allowed is ${NAME_RULE}. Put the name in quotes: "123".`],
    ["''", `"" was given; allowed is ${NAME_RULE}. Write the region's name, such as aurora.`],
    [
      "550e8400-e29b-41d4-a716-446655440000",
      `"550e8400-e29b-41d4-a716-446655440000" was given; allowed is ${NAME_RULE}, but not a UUID. Choose a name that people can say, such as aurora.`,
    ],
    [
      "treaties",
      `"treaties" was given; allowed is any name but ${RESERVED}. Choose another name; the platform uses this one.`,
    ],
  ])("refuses %s", (name, message) => {
    expect(report({ "aurora.yaml": `name: ${name}\nslot: 1\nowner: a\n` })).toContain(
      `aurora.yaml:1:7: name: ${message}`,
    );
  });

  it("must be the file's", () => {
    expect(report({ "auror.yaml": regionFile("aurora", 1) })).toEqual([
      'auror.yaml:1:7: name: "aurora" in the file "auror.yaml" was given; allowed is the file\'s name without .yaml. Rename the file to aurora.yaml, or correct the name.',
    ]);
  });
});

describe("several files", () => {
  it("gives all problems of all files at once", () => {
    const files = {
      "aurora.yaml": "name: Aurora\nslot: 0\nplayers: 1\n",
      "borealis.yaml": regionFile("borealis", 2, "resources: {cpu: 9, memory: 99GB, disk: 1GB}\n"),
      "vega.yaml": "name: [\n",
    };
    expect(report(files).map((line) => line.split(": ", 2).join(": "))).toEqual([
      "aurora.yaml:1:7: name",
      "aurora.yaml:2:7: slot",
      "aurora.yaml:1:1: owner",
      "aurora.yaml:3:10: players",
      "borealis.yaml:4:18: resources.cpu",
      "borealis.yaml:4:29: resources.memory",
      "borealis.yaml:4:41: resources.disk",
      "vega.yaml:2:1: this is not valid YAML",
    ]);
  });

  it("names both places of a duplicate slot and a free slot", () => {
    const files = { "a-one.yaml": regionFile("a-one", 1), "b-two.yaml": regionFile("b-two", 1) };
    expect(report(files)).toEqual([
      "b-two.yaml:2:7: slot: 1, which a-one.yaml:2:7 has as well, was given; allowed is a slot of its own for every region. Change the region that is not running yet. The lowest free slot is 2.",
    ]);
  });

  it("names both places of a duplicate name", () => {
    const files = { "aurora.yaml": regionFile("aurora", 1), "copy.yaml": regionFile("aurora", 2) };
    expect(report(files)).toContain(
      'copy.yaml:1:7: name: "aurora", which aurora.yaml:1:7 has as well, was given; allowed is a name of its own for every region. Rename the region that is not running yet.',
    );
  });

  it("finds a duplicate slot even when both regions have other problems", () => {
    const files = { "abc.yaml": "name: abc\nslot: 7\n", "xyz.yaml": "name: XYZ\nslot: 7\n" };
    expect(report(files).filter((line) => line.includes("abc.yaml:2:7"))).toHaveLength(1);
  });

  it("offers no free slot when there is none", () => {
    const regions = Array.from({ length: 255 }, (_, i) => [
      `r-${i + 1}.yaml`,
      regionFile(`r-${i + 1}`, i + 1),
    ]);
    const problems = report({ ...Object.fromEntries(regions), "z-256.yaml": regionFile("z-256", 1) });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain("All slots are taken.");
  });
});

describe("files that cannot be regions", () => {
  it.each<[file: string, message: string]>([
    ["aurora.yml", "ends with .yml; allowed is .yaml. Rename it to aurora.yaml."],
    ["aurora.YAML", "ends with .YAML; allowed is .yaml. Rename it to aurora.yaml."],
    ["aurora.json", "is not a region file; allowed are <name>.yaml and README. Move or remove it."],
    ["aurora.yaml.bak", "is not a region file; allowed are <name>.yaml and README. Move or remove it."],
    ["archive/old.yaml", "is not a region file; allowed are <name>.yaml and README. Move or remove it."],
    ["aurora.yaml/x", "is a folder; allowed is a YAML file. Move or remove it."],
  ])("%s", (file, message) => {
    const content = file.includes("/") ? "" : regionFile("aurora", 1);
    expect(report({ [file]: content })).toEqual([`${file.split("/")[0]}: ${message}`]);
  });

  it("also tells what else is wrong with a file whose ending is wrong", () => {
    expect(report({ "aurora.yml": regionFile("aurora", 0) })).toHaveLength(2);
  });

  it("refuses a dangling link, a link to itself and a pipe without waiting", () => {
    const dir = tempFolder({});
    fs.symlinkSync("nowhere", join(dir, "aurora.yaml"));
    fs.symlinkSync("loop.yaml", join(dir, "loop.yaml"));
    fs.symlinkSync("/dev/zero", join(dir, "zero.yaml"));
    expect(reportOf(dir)).toEqual([
      "aurora.yaml: does not exist, or is a link to a file that does not exist. Make the file or remove the link.",
      "loop.yaml: is a link that leads back to itself. Remove it.",
      "zero.yaml: is neither a file nor a link to one; allowed is a YAML file. Move or remove it.",
    ]);
  });

  it("refuses a file that may not be read", () => {
    // Simulated: the tests may run as root, who may read everything.
    const denied = Object.assign(new Error("denied"), { code: "EACCES" });
    const dir = tempFolder({ "aurora.yaml": regionFile("aurora", 1) });
    const read = vi.spyOn(fs, "readFileSync").mockImplementation(() => {
      throw denied;
    });
    try {
      expect(reportOf(dir)).toEqual([
        "aurora.yaml: may not be read by this user. Give it read permission (chmod a+r).",
      ]);
    } finally {
      read.mockRestore();
    }
  });

  it("refuses 10 MB without reading them", () => {
    const dir = tempFolder({ "aurora.yaml": Buffer.alloc(10_000_000, "a") });
    const read = vi.spyOn(fs, "readFileSync");
    try {
      expect(reportOf(dir)).toEqual([
        "aurora.yaml: has 10,000,000 bytes; allowed are at most 64 KiB. It was not read; shorten it.",
      ]);
      expect(read).not.toHaveBeenCalled();
    } finally {
      read.mockRestore();
    }
  });

  it("refuses text that is not UTF-8", () => {
    const utf16 = Buffer.from(`\uFEFF${regionFile("aurora", 1)}`, "utf16le");
    expect(report({ "aurora.yaml": utf16 })).toEqual(["aurora.yaml: is not UTF-8 text. Save it as UTF-8."]);
  });
});

describe("hostile YAML is bounded", () => {
  it.each<[what: string, yaml: string, problems: number, message: string]>([
    [
      "10,000 aliases",
      `a: &a x\nb: [${"*a,".repeat(10_000)}]\n`,
      1,
      "10000 aliases (*name), the first one here, was given; allowed is a file without aliases.",
    ],
    [
      "aliases that multiply",
      `a: &a [x,x,x]\n${Array.from("bcdefghij", (c, i) => `${c}: &${c} [${`*${"abcdefghi"[i]},`.repeat(9)}]\n`).join("")}`,
      1,
      "81 aliases (*name)",
    ],
    ["deep nesting", `a: ${"[".repeat(30_000)}${"]".repeat(30_000)}`, 1, "nested too deeply"],
    ["deep nesting without an end", `a: ${"{b: ".repeat(15_000)}`, 1, "nested too deeply"],
    [
      "very many unknown keys",
      Array.from({ length: 7000 }, (_, i) => `k${i}: 1\n`).join(""),
      53,
      "an unknown key",
    ],
    ["very many repeated keys", "a: 1\n".repeat(13_000), 12_999, 'the key "a" a second time'],
  ])("%s", (_what, yaml, problems, message) => {
    const started = performance.now();
    const lines = report({ "aurora.yaml": yaml });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(lines).toHaveLength(problems);
    expect(lines.join("\n")).toContain(message);
  });
});

describe("the regions folder", () => {
  it("must exist", () => {
    const dir = join(tempFolder({}), "dev");
    expect(reportOf(dir)).toEqual([
      `${dir}: does not exist; needed is a folder with one file a region. Make it; it may be empty.`,
    ]);
  });

  it("must be a folder", () => {
    const dir = join(tempFolder({ dev: "" }), "dev");
    expect(reportOf(dir)).toEqual([
      `${dir}: is a file; needed is a folder with one file a region. Move it away.`,
    ]);
  });
});
