import fs from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { report, reportOf } from "./problems";
import { regionFile, tempFolder } from "./tempFolder";

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
    const lines = report({ "aurora.yaml": yaml });
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
