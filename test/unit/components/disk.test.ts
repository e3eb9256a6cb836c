import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DiskStatus, parseStatus } from "../../../components/disk/disks";
import { shrinking, undisked } from "../../../operations/deploy/preflight/disk";
import { platformOf, region } from "../../support/platform";

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
    platformOf(
      sizes.map((size, index) =>
        region(`r-${index}`, index + 1, {
          resources: { cpuMillis: 1000, memoryBytes: 2 * GB, diskBytes: size * GB },
        }),
      ),
      { dataRoot: "/srv/nexus" },
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

  it("is the Nexus' problem as well, where its profile becomes smaller", () => {
    expect(shrinking(files(), new Map([["central-nexus", disk(120 * GB)]]))).toEqual([
      {
        setting: "nexus:disk",
        message:
          "the Nexus has a disk of 120GB, and nexus:profile or nexus:disk now says 10GB. A disk only grows, because its " +
          "file system does: set nexus:disk to 120GB or more.",
      },
    ]);
  });

  it("that is new where data is already is refused, with the commands that move it", () => {
    const root = {
      regions: ["central-nexus", "r-0", "gone"],
      disks: new Map([["r-0", { sizeBytes: 10 * GB }]]),
    };
    expect(undisked(files(10, 10), root, true)).toEqual([
      {
        message:
          "the data in /srv/nexus/central-nexus was written without a disk limit, and gets a disk of 10GB now. Move it onto " +
          "that first, on the Docker host: docker stop t-central-nexus-db t-redis-nexus && " +
          "mv /srv/nexus/central-nexus /srv/nexus/central-nexus.before && " +
          "docker exec t-disk-keeper disk ensure central-nexus 10000000000 && " +
          "cp -a /srv/nexus/central-nexus.before/. /srv/nexus/central-nexus/ && " +
          "docker start t-central-nexus-db t-redis-nexus (docs/operations.md, Disks)",
      },
    ]);
    expect(undisked(files(10), undefined, true)).toEqual([]);
  });

  it("is made by an `up` where no keeper runs that could make it before", () => {
    const [problem] = undisked(files(), { regions: ["central-nexus"], disks: new Map() }, false);
    expect(problem?.message).not.toContain("docker exec");
    expect(problem?.message).toContain(
      "on the Docker host, mv /srv/nexus/central-nexus /srv/nexus/central-nexus.before; npm run up, which makes the disk; on " +
        "the host again, docker stop t-central-nexus-db t-redis-nexus && rm -rf /srv/nexus/central-nexus/* && " +
        "cp -a /srv/nexus/central-nexus.before/. /srv/nexus/central-nexus/ && docker start t-central-nexus-db t-redis-nexus",
    );
  });

  it("is none for a region that has no disk yet, nor for a disk rounded down to whole sectors", () => {
    expect(shrinking(files(10), new Map())).toEqual([]);
    expect(shrinking(files(10), new Map([["r-0", disk(10 * GB - 511)]]))).toEqual([]);
  });
});
