import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../config/refusal";
import { formatCpu, formatSize, GB, GIB, MB, MIB, parseCpu, parseSize } from "../../../config/units";

const ANY_SIZE = { min: 0, max: 10 ** 16 };
const ANY_CPU = { min: 0, max: 1_000_000 };

describe("parseSize", () => {
  it.each([
    ["4GB", 4 * GB],
    ["4 GB", 4 * GB],
    ["4GiB", 4 * GIB],
    ["4.5GiB", 4.5 * GIB],
    ["512MB", 512 * MB],
    ["512MiB", 512 * MIB],
    ["1.5TB", 1500 * GB],
    ["2TiB", 2048 * GIB],
    // In floating point 4.35 * 10^9 is not whole, and 0.1 + 0.2 would not be either.
    ["4.35GB", 4_350_000_000],
    ["16.001GB", 16_001_000_000],
    ["0.001MiB", 1048],
    ["007GB", 7 * GB],
  ])("reads %s", (text, bytes) => {
    expect(parseSize(text, ANY_SIZE)).toBe(bytes);
  });

  it.each([
    ...[
      "",
      " ",
      "4",
      "GB",
      "4gb",
      "4G",
      "4KB",
      "-4GB",
      "+4GB",
      "4\u00a0GB",
      "4  GB",
      " 4GB",
      "4GB ",
      "4GB\n",
      "4,5GB",
    ],
    ...[
      "1e3MB",
      "0x4GB",
      ".5GB",
      "4.GB",
      "4.0001GB",
      "NaNGB",
      "InfinityGB",
      "٤GB",
      "4constructor",
      "9".repeat(99),
    ],
    ...[4, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true, ["4GB"], { secure: "4GB" }],
  ])("refuses %j", (value) => {
    expect(() => parseSize(value, ANY_SIZE)).toThrow(Refusal);
  });

  it.each([
    [4, "4GB"],
    ["4", "4GB"],
    [4000, "4000MB"],
    [0, "2GB"],
    ["0", "2GB"],
    [-4, "2GB"],
    [Number.NaN, "2GB"],
    [64, "2GB"],
    ["4.12345", undefined],
  ])("names an allowed size to whoever wrote %j without a unit", (value, size) => {
    const advice =
      size === undefined ? "Write a number, up to three decimals" : `unit as well, such as ${size}.`;
    expect(() => parseSize(value, { min: 2 * GB, max: 16 * GB })).toThrow(advice);
  });

  it("is the inverse of formatSize", () => {
    const unit = fc.constantFrom("MB", "GB", "MiB", "GiB");
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 6 - 1 }),
        fc.integer({ min: 0, max: 999 }),
        unit,
        (whole, part, name) => {
          const bytes = parseSize(`${whole}.${String(part).padStart(3, "0")}${name}`, ANY_SIZE);
          const text = formatSize(bytes);
          if (text.endsWith("bytes")) expect(text).toBe(`${bytes} bytes`);
          else expect(parseSize(text, ANY_SIZE)).toBe(bytes);
        },
      ),
    );
  });

  it("accepts exactly what lies in the range, ends included", () => {
    const range = { min: 2 * GB, max: 16 * GB };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (megabytes) => {
        const parse = () => parseSize(`${megabytes}MB`, range);
        if (megabytes >= 2000 && megabytes <= 16_000) expect(parse()).toBe(megabytes * MB);
        else expect(parse).toThrow("allowed is a size from 2GB to 16GB");
      }),
    );
    for (const edge of ["2GB", "16GB"]) expect(parseSize(edge, range)).toBeGreaterThan(0);
    for (const beyond of ["1.999GB", "16.001GB", "16GiB"])
      expect(() => parseSize(beyond, range)).toThrow(Refusal);
  });
});

describe("formatSize", () => {
  it.each([
    [4 * GB, "4GB"],
    [4 * GIB, "4GiB"],
    [4.5 * GIB, "4.5GiB"],
    [1500 * MB, "1.5GB"],
    [MIB, "1MiB"],
    [1, "1 bytes"],
  ])("writes %i", (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });
});

describe("parseCpu", () => {
  it("reads every hundredth and writes it back", () => {
    for (let hundredths = 100; hundredths <= 800; hundredths++) {
      const cpu = hundredths / 100;
      expect(parseCpu(cpu, { min: 1000, max: 8000 })).toBe(hundredths * 10);
      expect(formatCpu(hundredths * 10)).toBe(String(cpu));
    }
  });

  it.each(["2", "2000m", 1.005, 0.001, -1, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, [2], 1e9])(
    "refuses %j",
    (value) => {
      expect(() => parseCpu(value, ANY_CPU)).toThrow(Refusal);
    },
  );
});
