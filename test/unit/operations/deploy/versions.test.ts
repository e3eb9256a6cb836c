import { describe, expect, it } from "vitest";
import type { FolderFacts } from "../../../../components/dataRoot";
import { successions } from "../../../../operations/deploy/preflight/versions";
import { DB, DECLARED } from "../verify/fixtures";

const image = (name: string): string => DECLARED.containers.find((one) => one.name === name)?.image.ref ?? "";
const [POSTGRES, REDIS] = [image(DB), image("t-region-aurora-cache")];
const ALL = new Map(DECLARED.containers.map((one) => [one.name, one.image.ref]));
const own = { mode: "700", user: "1:1" };
const FOLDERS = new Map<string, FolderFacts>([
  ["/data/aurora/db", { ...own, postgres: "15" }],
  ["/data/borealis/db", { ...own, postgres: "15" }],
  ["/data/central-nexus/db", { ...own, postgres: "14" }],
  ["/data/aurora/cache", { ...own, rdb: "0011" }],
  ["/data/aurora/storage", own],
]);
const found = (running: ReadonlyMap<string, string>) => successions(DECLARED, { folders: FOLDERS }, running);

describe("data that another image shall read", () => {
  it("is none while every container runs its declared image", () => expect(found(ALL)).toEqual([]));

  it("is that of the containers whose image changes", () => {
    expect(found(new Map(ALL).set(DB, "postgres:14.1"))).toEqual([
      { image: POSTGRES, kind: "postgres", version: "15", folders: ["/data/aurora/db"] },
    ]);
  });

  it("is that of containers which come back, each image and version once", () => {
    expect(found(new Map())).toEqual([
      { image: POSTGRES, kind: "postgres", version: "14", folders: ["/data/central-nexus/db"] },
      { image: POSTGRES, kind: "postgres", version: "15", folders: ["/data/aurora/db", "/data/borealis/db"] },
      { image: REDIS, kind: "redis", version: "0011", folders: ["/data/aurora/cache"] },
    ]);
  });
});
