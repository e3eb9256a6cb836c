import fs from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addRegion } from "../../../../operations/lifecycle/add";
import { writeSample } from "../../../../operations/lifecycle/config";
import { removeRegion } from "../../../../operations/lifecycle/remove";
import { tempFolder } from "../../regions/tempFolder";
import { contents, file, folderOf, project, refusalOf } from "./project";

afterEach(() => {
  vi.restoreAllMocks();
});

const OWNER = { owner: "player-9" };

describe("addRegion", () => {
  it("writes a file with the whole size, in the lowest free slot", async () => {
    const cwd = project({ aurora: file("aurora", 1), celeste: file("celeste", 3) });
    const { file: written, region } = await addRegion(folderOf(cwd), "borealis", OWNER);
    expect(written).toBe("regions/dev/borealis.yaml");
    expect(fs.readFileSync(join(cwd, written), "utf8")).toBe(
      "name: borealis\nslot: 2\nowner: player-9\nresources:\n  cpu: 2\n  memory: 4GB\n  disk: 20GB\nplayers: 100\n",
    );
    expect(region.addresses.subnet).toBe("172.22.2.0/24");
    expect(Object.keys(contents(cwd)).sort()).toEqual([
      "README.md",
      "aurora.yaml",
      "borealis.yaml",
      "celeste.yaml",
    ]);
  });

  it("takes sizes as people type them, and quotes what YAML would read as something else", async () => {
    const cwd = project({});
    const options = { owner: "1e3", slot: "255", cpu: "1.5", memory: "4 GiB", disk: "0.02TB", players: "10" };
    await addRegion(folderOf(cwd), "true", options);
    expect(contents(cwd)["true.yaml"]).toBe(
      'name: "true"\nslot: 255\nowner: "1e3"\nresources:\n  cpu: 1.5\n  memory: 4GiB\n  disk: 0.02TB\nplayers: 10\n',
    );
    expect(folderOf(cwd).models()[0]).toMatchObject({
      name: "true",
      resources: { memoryBytes: 4 * 1024 ** 3 },
    });
  });

  it("says everything that is wrong at once", async () => {
    const cwd = project({ aurora: file("aurora", 1) });
    const options = { slot: "1", cpu: "0", memory: "NaN", disk: "-1GB", players: "many" };
    const { message, kind } = await refusalOf(cwd, () => addRegion(folderOf(cwd), "aurora", options));
    expect(kind).toBe("bad-input");
    expect(message.split("\n").map((line) => line.split(" was given")[0])).toEqual([
      "--owner: nothing",
      "--cpu: 0",
      '--memory: "NaN"',
      '--disk: "-1GB"',
      '--players: "many"',
      'NAME: "aurora" is taken by regions/dev/aurora.yaml. Choose another name.',
      "--slot: 1 is taken by regions/dev/aurora.yaml. The lowest free slot is 2.",
      "Nothing was changed.",
    ]);
  });

  it.each<[string, Parameters<typeof addRegion>[2], string]>([
    ["admin", OWNER, 'NAME: "admin" was given; allowed is any name but admin,'],
    ["../x", OWNER, 'NAME: "../x" was given; allowed is 3 to 32 lower-case letters'],
    ["Aurora", OWNER, 'Use lower case: "aurora"'],
    ["nova", { ...OWNER, slot: "256" }, "--slot: 256 was given; allowed is a whole number from 1 to 255"],
    ["nova", { ...OWNER, slot: "one" }, '--slot: "one" was given'],
    ["nova", { ...OWNER, cpu: "NaN" }, "--cpu: NaN was given; allowed is a number of CPUs from 1 to 8"],
    ["nova", { ...OWNER, cpu: "1.001" }, "in steps of 0.01"],
    ["nova", { ...OWNER, memory: "8" }, "Write the unit as well, such as 8GB"],
    ["nova", { ...OWNER, memory: "64GB" }, "1GB is 1,000,000,000 bytes, 1GiB is 1,073,741,824 bytes"],
    ["nova", { ...OWNER, disk: "5GB" }, '--disk: "5GB" was given; allowed is a size from 10GB to 100GB'],
    ["nova", { owner: "a b" }, '--owner: "a b" was given'],
  ])("refuses %s %j", async (name, options, words) => {
    const cwd = project({ aurora: file("aurora", 1) });
    const { message, kind } = await refusalOf(cwd, () => addRegion(folderOf(cwd), name, options));
    expect(kind).toBe("bad-input");
    expect(message).toContain(words);
    expect(message.trim().split("\n")).toHaveLength(2);
  });

  it("checks the whole platform with the new file first, and names what is wrong in others", async () => {
    const cwd = project({ aurora: file("aurora", 1, "colour: red\n") });
    const { message } = await refusalOf(cwd, () => addRegion(folderOf(cwd), "nova", OWNER));
    expect(message).toContain("regions/dev/aurora.yaml:8:1: colour: an unknown key was given");
    const settings = project({}, "config:\n  nexus:imgaes: local\n");
    expect((await refusalOf(settings, () => addRegion(folderOf(settings), "nova", OWNER))).message).toContain(
      "Pulumi.dev.yaml:2:3",
    );
  });

  it("fills all 255 slots and says so to the next one", async () => {
    const files = Array.from({ length: 254 }, (_, index) => `region-${index + 2}`);
    const cwd = project(Object.fromEntries(files.map((name, index) => [name, file(name, index + 2)])));
    expect((await addRegion(folderOf(cwd), "the-last", OWNER)).region.slot).toBe(1);
    const { message, kind } = await refusalOf(cwd, () => addRegion(folderOf(cwd), "too-many", OWNER));
    expect(kind).toBe("bad-input");
    expect(message).toContain("regions/dev has a region in every slot from 1 to 255");
  });

  it("does not overwrite a file that appears while it works", async () => {
    const cwd = project({});
    const path = join(cwd, "regions/dev/nova.yaml");
    const open = fs.openSync;
    vi.spyOn(fs, "openSync").mockImplementation((file, ...how) => {
      if (file === join(cwd, "regions/dev/.nova.yaml.tmp")) fs.writeFileSync(path, "theirs");
      return open(file, ...how);
    });
    await expect(addRegion(folderOf(cwd), "nova", OWNER)).rejects.toThrow(
      "regions/dev/nova.yaml: exists already",
    );
    expect(contents(cwd)).toEqual({ "README.md": "", "nova.yaml": "theirs" });
  });

  it("is explained when there is no folder of regions", async () => {
    const cwd = tempFolder({ "Pulumi.dev.yaml": "config:\n" });
    await expect(addRegion(folderOf(cwd), "nova", OWNER)).rejects.toThrow("regions/dev: does not exist");
    expect(fs.readdirSync(cwd)).toEqual(["Pulumi.dev.yaml"]);
  });

  it("can be undone, unless the file was changed since", async () => {
    const cwd = project({});
    const before = contents(cwd);
    const { undo } = await addRegion(folderOf(cwd), "nova", OWNER);
    await undo();
    expect(contents(cwd)).toEqual(before);
    const second = await addRegion(folderOf(cwd), "nova", OWNER);
    fs.appendFileSync(join(cwd, second.file), "# mine\n");
    await second.undo();
    expect(contents(cwd)["nova.yaml"]).toContain("# mine");
  });
});

describe("writeSample", () => {
  it("writes a region that is right at once into the stack's folder, named after its file", async () => {
    const cwd = project({ aurora: file("aurora", 1) });
    expect(await writeSample(folderOf(cwd), "regions/dev/nova.yaml")).toBe("regions/dev/nova.yaml");
    expect(
      folderOf(cwd)
        .models()
        .map(({ name, slot }) => [name, slot]),
    ).toEqual([
      ["aurora", 1],
      ["nova", 2],
    ]);
  });

  it("writes it anywhere else as well, and never over a file", async () => {
    const cwd = project({});
    await writeSample(folderOf(cwd), "sample-region.yml");
    expect(fs.readFileSync(join(cwd, "sample-region.yml"), "utf8")).toContain("name: celeste ");
    const { message } = await refusalOf(cwd, () => writeSample(folderOf(cwd), "sample-region.yml"));
    expect(message).toContain("sample-region.yml: exists already");
  });

  it.each([
    ["regions/dev/admin.yaml", "any name but admin"],
    ["regions/dev/nova.yml", "must end with .yaml"],
    ["nowhere/nova.yaml", "there is no such file or folder"],
  ])("refuses %s", async (path, words) => {
    const cwd = project({});
    expect((await refusalOf(cwd, () => writeSample(folderOf(cwd), path))).message).toContain(words);
  });
});

describe("removeRegion", () => {
  it("removes the file alone, also when it or another one is wrong", async () => {
    const cwd = project({ aurora: "not: right\n", borealis: "- nor this\n" });
    expect(await removeRegion(folderOf(cwd), "aurora")).toBe("regions/dev/aurora.yaml");
    expect(Object.keys(contents(cwd)).sort()).toEqual(["README.md", "borealis.yaml"]);
  });
});
