import fs from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { scaleRegion } from "../../../../operations/lifecycle/scale";
import { contents, file, folderOf, project, refusalOf } from "./project";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("scaleRegion", () => {
  it("changes the size and says from what to what", async () => {
    const text = `# mine\n${file("aurora", 1, "rules: { pvp: true } # keep\n")}`;
    const cwd = project({ aurora: text });
    const options = { cpu: "4", memory: "8 GB", disk: "40GB", players: "400" };
    const { changes } = await scaleRegion(folderOf(cwd), "aurora", options);
    expect(changes).toEqual([
      { key: "cpu", from: "1", to: "4" },
      { key: "memory", from: "2GB", to: "8GB" },
      { key: "disk", from: "10GB", to: "40GB" },
      { key: "players", from: "100", to: "400" },
    ]);
    expect(contents(cwd)["aurora.yaml"]).toBe(
      `${text.replace("cpu: 1", "cpu: 4").replace("2GB", "8GB").replace("10GB", "40GB")}players: 400\n`,
    );
  });

  it.each([[{ cpu: "1", memory: "2GB" }], [{ memory: "2000MB", disk: "0.01TB" }], [{ players: "100" }]])(
    "does not touch a file whose region has that size already: %j",
    async (options) => {
      const cwd = project({ aurora: file("aurora", 1) });
      const path = join(cwd, "regions/dev/aurora.yaml");
      fs.utimesSync(path, 1000, 1000);
      const before = fs.statSync(path);
      expect((await scaleRegion(folderOf(cwd), "aurora", options)).changes).toEqual([]);
      const { ino, mtimeMs, ctimeMs } = fs.statSync(path);
      expect({ ino, mtimeMs, ctimeMs }).toEqual({
        ino: before.ino,
        mtimeMs: before.mtimeMs,
        ctimeMs: before.ctimeMs,
      });
    },
  );

  it("leaves a value alone that is written in another way but the same", async () => {
    const cwd = project({ aurora: file("aurora", 1) });
    await scaleRegion(folderOf(cwd), "aurora", { cpu: "2", memory: "2000MB" });
    expect(contents(cwd)["aurora.yaml"]).toBe(file("aurora", 1).replace("cpu: 1", "cpu: 2"));
  });

  it.each([
    ["auror", 'regions/dev has aurora, borealis. Nothing was changed. Did you mean "aurora"?'],
    ["Aurora", 'Did you mean "aurora"?'],
    ["../dev/aurora", "There is no region"],
    ["README", "There is no region"],
    ["zzz", "`npm run region -- list` shows all of them"],
  ])("does not know a region %s", async (name, words) => {
    const cwd = project({ aurora: file("aurora", 1), borealis: file("borealis", 2) });
    const { message, kind } = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), name, { cpu: "2" }));
    expect([kind, message.split("\n").length]).toEqual(["bad-input", 1]);
    expect(message).toContain(words);
  });

  it.each([
    [{}, "Nothing to scale was given"],
    [{ cpu: "9" }, "--cpu: 9 was given"],
    [{ cpu: "-1", memory: "4 TB" }, '--memory: "4TB" was given'],
    [{ memory: "4  GB" }, '--memory: "4  GB" was given'],
  ])("refuses %j", async (options, words) => {
    const cwd = project({ aurora: file("aurora", 1) });
    const { message, kind } = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", options));
    expect(kind).toBe("bad-input");
    expect(message).toContain(words);
  });

  it("repairs a size that was wrong, and names what stays wrong", async () => {
    const cwd = project({ aurora: file("aurora", 1).replace("2GB", "2 giga") });
    expect((await scaleRegion(folderOf(cwd), "aurora", { memory: "4GB" })).changes).toEqual([
      { key: "memory", to: "4GB" },
    ]);
    const worse = project({ aurora: file("aurora", 1).replace("2GB", "2 giga") });
    const { message } = await refusalOf(worse, () => scaleRegion(folderOf(worse), "aurora", { cpu: "2" }));
    expect(message).toContain("regions/dev/aurora.yaml:6:11: resources.memory");
  });

  it.each([
    [
      "an alias",
      `${file("aurora", 1)}rules: &a { b: 1 }\ntheme: *a\n`,
      "aurora.yaml:9:8: an alias (*name) was given",
    ],
    ["two documents", `${file("aurora", 1)}---\na: 1\n`, "a second YAML document starts here"],
    ["64 KiB and more", `${file("aurora", 1)}#${"x".repeat(70_000)}\n`, "allowed are at most 64 KiB"],
    ["a list", "- a\n", "is written in a way that this command cannot edit"],
  ])("refuses a file with %s and leaves it", async (_, text, words) => {
    const cwd = project({ aurora: text });
    const { message, kind } = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", { cpu: "2" }));
    expect(kind).toBe("bad-input");
    expect(message).toContain(words);
  });

  it("does not let a file grow beyond what the loader reads", async () => {
    const text = file("aurora", 1);
    const cwd = project({ aurora: `${text}#${"x".repeat(64 * 1024 - text.length - 2)}\n` });
    const { message } = await refusalOf(cwd, () => scaleRegion(folderOf(cwd), "aurora", { players: "50" }));
    expect(message).toContain("is written in a way");
  });

  it("notices an edit between reading and writing", async () => {
    const cwd = project({ aurora: file("aurora", 1) });
    const path = join(cwd, "regions/dev/aurora.yaml");
    const sync = fs.fsyncSync;
    vi.spyOn(fs, "fsyncSync").mockImplementationOnce((handle) => {
      fs.appendFileSync(path, "# theirs\n");
      sync(handle);
    });
    const work = scaleRegion(folderOf(cwd), "aurora", { cpu: "4" });
    await expect(work).rejects.toMatchObject({
      kind: "failed",
      message: expect.stringContaining("was changed by somebody else"),
    });
    expect(contents(cwd)).toEqual({ "README.md": "", "aurora.yaml": `${file("aurora", 1)}# theirs\n` });
  });

  it("can be undone, unless the file was changed since", async () => {
    const cwd = project({ aurora: file("aurora", 1) });
    const before = contents(cwd);
    await (await scaleRegion(folderOf(cwd), "aurora", { cpu: "4" })).undo();
    expect(contents(cwd)).toEqual(before);
    const second = await scaleRegion(folderOf(cwd), "aurora", { cpu: "4" });
    fs.appendFileSync(join(cwd, second.file), "# mine\n");
    await second.undo();
    expect(contents(cwd)["aurora.yaml"]).toContain("cpu: 4");
  });
});
