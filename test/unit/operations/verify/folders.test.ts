import { describe, expect, it } from "vitest";
import type { FolderFacts } from "../../../../components/dataRoot";
import { planFolders } from "../../../../operations/verify/folderDrift";
import type { Observed } from "../../../../operations/verify/observed";
import { DECLARED, drift, perfect, short } from "./fixtures";

const DB = "/data/aurora/db";

function found(changes: Partial<FolderFacts> = {}, more: Partial<Observed> = {}): Observed {
  const folders = new Map<string, FolderFacts>(
    DECLARED.volumes.flatMap(({ folder, user }) => (folder && user ? [[folder, { user, mode: "700" }]] : [])),
  );
  folders.set(DB, { user: "70:70", mode: "700", ...changes });
  const owner = { id: "stack-1", name: "test of project nexus" };
  return { ...perfect(DECLARED), root: { owner, regions: [], disks: new Map(), folders }, ...more };
}

describe("data folders", () => {
  it("are as they should be, or were not looked at", () => {
    expect(drift(found())).toEqual([]);
    expect(drift(perfect(DECLARED))).toEqual([]);
  });

  it.each([
    [{ mode: "1777" }, "70:70 1777"],
    [{ mode: "755" }, "70:70 755"],
    [{ user: "0:0" }, "0:0 700"],
    [{ open: "dump.rdb" }, "open to others: dump.rdb"],
  ])("with %j are drift that the next `up` closes", (changes, is) => {
    expect(short(drift(found(changes)))).toEqual([`aurora||data in ${DB}|70:70 700|${is}`]);
    const [repair, ...others] = planFolders(DECLARED, found(changes));
    expect(others).toEqual([]);
    expect(repair).toMatchObject({ region: "aurora", folder: DB, user: "70:70", isOpen: "open" in changes });
  });

  it("below a disk that is not mounted are not the region's", () => {
    const { disks } = perfect(DECLARED);
    const unmounted = new Map(disks).set("aurora", {
      means: "loop",
      mounted: false,
      sizeBytes: 1,
      usedBytes: 0,
    });
    expect(planFolders(DECLARED, found({ user: "0:0", mode: "0" }, { disks: unmounted }))).toEqual([]);
  });
});

describe("a data root", () => {
  it("that is written down as another stack's, or as nobody's, is drift", () => {
    const { root, ...rest } = found();
    if (!root) throw new Error("there is one");
    const with_ = (owner: typeof root.owner) => short(drift({ ...rest, root: { ...root, owner } }));
    expect(with_({ id: "other", name: "dev of project x" })).toEqual([
      "central-nexus||data root|this stack's|stack dev of project x",
    ]);
    expect(with_(undefined)).toEqual(["central-nexus||data root|this stack's|nobody's"]);
  });
});
