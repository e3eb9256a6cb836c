import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shrinking } from "../../../cli/preflight/disk";
import { type DiskStatus, parseStatus } from "../../../components/disk/disks";
import { region } from "../../support/platform";

const GB = 1_000_000_000;
const disk = (sizeBytes: number): DiskStatus => ({ sizeBytes, usedBytes: 0, mounted: true, means: "loop" });

describe("the keeper's report", () => {
  it("is read into one disk a region, whatever its figures", () => {
    const names = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}$/);
    const disks = fc.uniqueArray(
      fc.record({
        name: names,
        size: fc.integer({ min: 1, max: 1e14 }),
        used: fc.nat(1e14),
        mounted: fc.boolean(),
      }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(disks, fc.constantFrom("\n", "\r\n"), (all, end) => {
        const text = all
          .map(({ name, size, used, mounted }) =>
            [name, size, used, mounted ? "mounted" : "unmounted"].join("\t").concat(end),
          )
          .join("");
        const expected = all.map(({ name, size, used, mounted }) => [
          name,
          { sizeBytes: size, usedBytes: used, mounted, means: "loop" },
        ]);
        expect([...parseStatus(text)]).toEqual(expected);
      }),
    );
  });

  it("tells a region without a limit by its size of 0", () => {
    const [aurora] = parseStatus("aurora\t0\t4096\tunmounted").values();
    expect(aurora).toEqual({ sizeBytes: 0, usedBytes: 4096, mounted: false, means: "none" });
  });

  it.each([
    ["an error instead", "df: /data/aurora: Transport endpoint is not connected\n"],
    ["a figure that is missing", "aurora\t10\t\tmounted\n"],
    ["half a line", "aurora\t10"],
  ])("is refused when it holds %s", (_what, text) => {
    expect(() => parseStatus(text)).toThrow(/cannot be read/);
  });
});

describe("a disk limit below the disk", () => {
  const files = (...sizes: number[]) =>
    sizes.map((size, index) =>
      region(`r-${index}`, index + 1, {
        resources: { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: size * GB },
      }),
    );

  it("is one problem a region, with both sizes and the way out", () => {
    const has = new Map([
      ["r-0", disk(20 * GB)],
      ["r-1", disk(20 * GB)],
      ["r-2", disk(20 * GB)],
    ]);
    expect(shrinking(files(10, 20, 30), has)).toEqual([
      {
        message:
          "region r-0 has a disk of 20GB, and its file now says 10GB. A disk only grows, because its file system " +
          "does: set resources.disk to 20GB or more.",
      },
    ]);
  });

  it("is none for a region that has no disk yet, nor for a disk rounded down to whole sectors", () => {
    expect(shrinking(files(10), new Map())).toEqual([]);
    expect(shrinking(files(10), new Map([["r-0", disk(10 * GB - 511)]]))).toEqual([]);
  });
});
