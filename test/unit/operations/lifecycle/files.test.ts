import { spawn } from "node:child_process";
import fs from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Failure, type FailureKind } from "../../../../operations/failure";
import { createFile, readSnapshot, removeFile, replaceFile } from "../../../../operations/lifecycle/files";
import { tempFolder } from "../../regions/tempFolder";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is thrown: exit code and message. */
function refusal(work: () => void): { kind: FailureKind; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return { kind: error.kind, message: error.message };
    throw error;
  }
  throw new Error("it was not refused");
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe("replaceFile", () => {
  it("keeps mode and owner and leaves nothing else in the folder", () => {
    const dir = tempFolder({ "a.yaml": "old" });
    const path = join(dir, "a.yaml");
    fs.chmodSync(path, 0o640);
    if (process.getuid?.() === 0) fs.chownSync(path, 12345, 54321);
    const before = fs.statSync(path);
    replaceFile(readSnapshot(path, "a.yaml"), "new");
    const after = fs.statSync(path);
    expect(fs.readFileSync(path, "utf8")).toBe("new");
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(fs.readdirSync(dir)).toEqual(["a.yaml"]);
  });

  it("writes what a link leads to; the link stays a link", () => {
    const dir = tempFolder({ "real/a.yaml": "old", "regions/b.yaml": "" });
    const link = join(dir, "regions/a.yaml");
    fs.symlinkSync("../real/a.yaml", link);
    replaceFile(readSnapshot(link, "a.yaml"), "new");
    expect(fs.readlinkSync(link)).toBe("../real/a.yaml");
    expect(fs.readFileSync(join(dir, "real/a.yaml"), "utf8")).toBe("new");
    expect(fs.readdirSync(join(dir, "real"))).toEqual(["a.yaml"]);
  });

  it.each<[string, (path: string) => void]>([
    ["edited in place", (path) => fs.writeFileSync(path, "theirs")],
    [
      "replaced by an editor",
      (path) => {
        fs.writeFileSync(`${path}~`, "old");
        fs.renameSync(`${path}~`, path);
      },
    ],
    ["removed", (path) => fs.rmSync(path)],
    ["made read-only for others", (path) => fs.chmodSync(path, 0o600)],
  ])("does not overwrite a file that was %s since it was read", (_, edit) => {
    const dir = tempFolder({ "a.yaml": "old" });
    const path = join(dir, "a.yaml");
    const snapshot = readSnapshot(path, "regions/a.yaml");
    edit(path);
    const theirs = fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined;
    const { kind, message } = refusal(() => replaceFile(snapshot, "ours"));
    expect(kind).toBe("failed");
    expect(message).toContain("regions/a.yaml: was changed by somebody else");
    expect(fs.existsSync(path) ? fs.readFileSync(path, "utf8") : undefined).toBe(theirs);
    expect(fs.readdirSync(dir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("removes what a killed command left", () => {
    const dir = tempFolder({ "a.yaml": "old", ".a.yaml.tmp": "half" });
    replaceFile(readSnapshot(join(dir, "a.yaml"), "a.yaml"), "new");
    expect(fs.readdirSync(dir)).toEqual(["a.yaml"]);
    expect(fs.readFileSync(join(dir, "a.yaml"), "utf8")).toBe("new");
  });

  it.each([
    ["EROFS", "bad-input", "its file system is read-only"],
    ["EACCES", "bad-input", "this user may not"],
    ["ENOSPC", "failed", "(ENOSPC)"],
  ])("says %s in one line, and the file is the old one", (code, kind, words) => {
    const dir = tempFolder({ "a.yaml": "old" });
    vi.spyOn(fs, "fsyncSync").mockImplementation(() => {
      throw errno(code);
    });
    const stop = refusal(() => replaceFile(readSnapshot(join(dir, "a.yaml"), "regions/a.yaml"), "new"));
    expect(stop.kind).toBe(kind);
    expect(stop.message).toContain("regions/a.yaml: could not be written");
    expect(stop.message).toContain(words);
    expect(stop.message.split("\n")).toHaveLength(1);
    expect(fs.readdirSync(dir)).toEqual(["a.yaml"]);
    expect(fs.readFileSync(join(dir, "a.yaml"), "utf8")).toBe("old");
  });
});

describe("createFile and removeFile", () => {
  it("never replace a file that is there", () => {
    const dir = tempFolder({ "a.yaml": "theirs" });
    const stop = refusal(() => createFile(join(dir, "a.yaml"), "a.yaml", "ours"));
    expect(stop).toMatchObject({
      kind: "bad-input",
      message: expect.stringContaining("exists already"),
    });
    expect(fs.readFileSync(join(dir, "a.yaml"), "utf8")).toBe("theirs");
    expect(fs.readdirSync(dir)).toEqual(["a.yaml"]);
  });

  it("make it with all of its text: until then the name is free", () => {
    const dir = tempFolder({ ".b.yaml.tmp": "half" });
    const path = join(dir, "b.yaml");
    const atSync: boolean[] = [];
    vi.spyOn(fs, "fsyncSync").mockImplementation(() => void atSync.push(fs.existsSync(path)));
    createFile(path, "b.yaml", "ours");
    expect(atSync).toEqual([false]);
    expect(fs.readdirSync(dir)).toEqual(["b.yaml"]);
    expect(fs.readFileSync(path, "utf8")).toBe("ours");
  });

  it("leave no half of a file where the disk is full", () => {
    const dir = tempFolder({});
    vi.spyOn(fs, "fsyncSync").mockImplementation(() => {
      throw errno("ENOSPC");
    });
    expect(refusal(() => createFile(join(dir, "b.yaml"), "b.yaml", "ours")).message).toContain("(ENOSPC)");
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it("remove a link and not what it leads to", () => {
    const dir = tempFolder({ real: "text" });
    fs.symlinkSync("real", join(dir, "link"));
    removeFile(join(dir, "link"), "link");
    expect(fs.readdirSync(dir)).toEqual(["real"]);
  });
});

describe("a process that is killed while it writes", () => {
  it("leaves the old or the new file, whole, and the next one writes", async () => {
    const dir = tempFolder({});
    const path = join(dir, "a.yaml");
    const texts = ["a", "b"].map((letter) => `${letter.repeat(60_000)}\n`);
    fs.writeFileSync(path, texts[0] ?? "");
    const modules = resolve(__dirname, "../../../../operations/lifecycle/files.ts");
    const script = `
      const { readSnapshot, replaceFile } = require(${JSON.stringify(modules)});
      const path = ${JSON.stringify(path)};
      process.stdout.write("ready");
      for (;;) {
        const before = readSnapshot(path, "a.yaml");
        replaceFile(before, (before.text[0] === "a" ? "b" : "a").repeat(60000) + "\\n");
      }`;
    let leftovers = 0;
    for (let round = 0; round < 12; round++) {
      const child = spawn(process.execPath, ["--import", "tsx", "-e", script], {
        stdio: ["ignore", "pipe", 2],
      });
      await new Promise((ready) => child.stdout?.once("data", ready));
      const until = Date.now() + 5 + Math.random() * 60;
      while (Date.now() < until) expect(texts).toContain(fs.readFileSync(path, "utf8"));
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGKILL");
      await ended;
      expect(texts).toContain(fs.readFileSync(path, "utf8"));
      leftovers = Math.max(leftovers, fs.readdirSync(dir).length - 1);
    }
    expect(leftovers).toBeLessThanOrEqual(1);
    replaceFile(readSnapshot(path, "a.yaml"), "the next");
    expect(fs.readFileSync(path, "utf8")).toBe("the next");
    expect(fs.readdirSync(dir)).toEqual(["a.yaml"]);
  }, 60_000);
});
