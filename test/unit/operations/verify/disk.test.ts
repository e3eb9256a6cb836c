import { describe, expect, it } from "vitest";
import { compare } from "../../../../operations/verify/compare";
import { disksOf, mountDevices, type RegionDisk } from "../../../../operations/verify/disk";
import { notes } from "../../../../operations/verify/notes";
import type { Observed } from "../../../../operations/verify/observed";
import { DB, DECLARED, drift, perfect, short, withContainer } from "./fixtures";

describe("disk", () => {
  const GB = 1e9;
  const SIZE = 10 * GB;
  const fileSystem = { sizeBytes: 9.93 * GB, device: "7:1" };
  const withDisk = (change: Partial<RegionDisk>): Observed => {
    const disk = { sizeBytes: SIZE, usedBytes: GB, mounted: true, means: "loop", fileSystem, ...change };
    return { ...perfect(DECLARED), disks: new Map([["aurora", disk]]) };
  };
  const none = { means: "none", mounted: false, sizeBytes: undefined, fileSystem: undefined };

  it.each<[string, Partial<RegionDisk>, string | undefined]>([
    ["of the declared size", {}, undefined],
    ["less than a sector smaller", { sizeBytes: SIZE - 511 }, undefined],
    ["a sector smaller", { sizeBytes: SIZE - 512 }, "9999999488 bytes"],
    ["larger", { sizeBytes: SIZE + 1e8 }, "10.1GB"],
    [
      "grown, but not its file system",
      { fileSystem: { ...fileSystem, sizeBytes: 9 * GB } },
      "a file system of 9.0GB",
    ],
    [
      "of the right size, with the host's file system in its place",
      { fileSystem: { ...fileSystem, sizeBytes: 500 * GB } },
      "a file system of 500.0GB",
    ],
    ["of another machine, whose file system nobody can ask", { fileSystem: undefined }, undefined],
    ["not mounted", { mounted: false }, "not mounted"],
    ["missing", { means: "missing", mounted: false, sizeBytes: undefined }, "no disk"],
    ["not enforced, which is accepted", { ...none, usedBytes: SIZE }, undefined],
    ["not enforced, and nobody counted", { ...none, usedBytes: undefined }, undefined],
    ["not enforced and passed", { ...none, usedBytes: SIZE + 1e8 }, "no limit, 10.1GB used"],
  ])("%s", (_, change, enforced) => {
    expect(short(drift(withDisk(change)))).toEqual(enforced ? [`aurora||disk|10GB|${enforced}`] : []);
  });

  it("not enforced where it is required", () => {
    const found = compare({ ...DECLARED, diskRequired: true }, withDisk(none), "dev");
    expect(short(found)).toEqual(["aurora||disk|10GB|no limit, 1.0GB used"]);
  });

  it("a container that still writes beside it", () => {
    const on = (device: string | undefined) =>
      withContainer(withDisk({}), DB, ({ mounts }) => ({
        mounts: mounts.map((one) => ({ ...one, device })),
      }));
    expect(short(drift(on("7:1")))).toEqual([]);
    expect(short(drift(on(undefined)))).toEqual([]);
    expect(short(drift(on("254:0")))).toEqual([
      `aurora|${DB}|disk below /var/lib/postgresql/data|the region's (7:1)|another one (254:0)`,
    ]);
  });

  it("usage is a note, as far as it is known", () => {
    const texts = (change: Partial<RegionDisk>) => notes(DECLARED, withDisk(change)).map(({ text }) => text);
    expect(texts({})).toEqual(["disk: 1.0GB of 10GB used"]);
    expect(texts(none)).toEqual(["disk limit not enforced on this host; 1.0GB of 10GB used"]);
    expect(texts({ ...none, usedBytes: undefined })).toEqual(["disk limit not enforced on this host"]);
  });

  it("is told from the report of all disks", () => {
    const report = { means: "loop", mounted: true, sizeBytes: 5, usedBytes: 1 };
    expect(disksOf(["a", "b"], new Map([["a", report]]), new Map())).toEqual(
      new Map<string, RegionDisk>([
        ["a", report],
        ["b", { means: "missing", mounted: false }],
      ]),
    );
    const counted = { means: "none", mounted: false, sizeBytes: 0, usedBytes: 7 };
    expect(disksOf(["a", "b"], undefined, new Map([["a", counted]]))).toEqual(
      new Map<string, RegionDisk>([
        ["a", counted],
        ["b", { means: "none", mounted: false }],
      ]),
    );
  });

  it("and its device by the kernel's numbers", () => {
    const line = "92 73 254:0 /var/data/db /var/lib/postgresql/data rw,relatime - ext4 /dev/vda rw";
    expect(mountDevices(`${line}\n\n`)).toEqual(new Map([["/var/lib/postgresql/data", "254:0"]]));
  });
});
