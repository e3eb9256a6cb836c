import { basename } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ConfigError } from "../../../config/problems";
import { SETTINGS_DEFAULTS } from "../../../config/settingsSchema";
import { GB, GIB } from "../../../config/units";
import { REGION_DEFAULTS } from "../../../regions/defaults";
import { readRegions } from "../../../regions/load";
import { toModel } from "../../../regions/normalise";
import { regionFile, tempFolder } from "./tempFolder";

const RANGES = SETTINGS_DEFAULTS.networks;

function load(files: Record<string, string>) {
  const { regions, problems } = readRegions({ dir: tempFolder(files) });
  if (problems.length > 0) throw new ConfigError(problems);
  return regions.map((region) => toModel(region, RANGES, true));
}

describe("edits", () => {
  const files = { "aurora.yaml": regionFile("aurora", 1), "borealis.yaml": regionFile("borealis", 2) };
  const read = (edits: [string, string | undefined][]) =>
    readRegions({ dir: tempFolder(files), edits: new Map(edits) });

  it("take the place of files, add some and leave some out, and nothing is written", () => {
    const { regions, problems } = read([
      ["aurora.yaml", regionFile("aurora", 7)],
      ["borealis.yaml", undefined],
      ["nova.yaml", regionFile("nova", 2)],
    ]);
    expect(problems).toEqual([]);
    expect(regions.map(({ name, slot }) => [name, slot])).toEqual([
      ["aurora", 7],
      ["nova", 2],
    ]);
  });

  it("are checked like files, and with them", () => {
    const { problems } = read([
      ["nova.yaml", regionFile("nova", 2, "colour: red\n")],
      ["large.yaml", "#".repeat(70_000)],
    ]);
    expect(problems.map(({ file, path }) => [basename(file), path])).toEqual([
      ["large.yaml", ""],
      ["nova.yaml", "colour"],
      ["nova.yaml", "slot"],
    ]);
  });
});

describe("readRegions", () => {
  it("fills in the defaults when only the required keys are there", () => {
    const [region] = load({ "aurora.yaml": regionFile("aurora", 7) });
    expect(region).toMatchObject({ name: "aurora", slot: 7, owner: "player-1", ...REGION_DEFAULTS });
    expect(region?.addresses.subnet).toBe("172.22.7.0/24");
  });

  it("reads every key", () => {
    const game = {
      governance: "council",
      economy: "military",
      startingCredits: 1500,
      startingShip: "light_freighter",
      language: { currency: "credit" },
      theme: { colours: ["#fff", null], nested: { depth: 2 } },
      rules: { pvp: true, tax: 0.05 },
    };
    const yaml = stringify({
      name: "aurora",
      slot: 255,
      owner: "a@b.org",
      resources: { cpu: 1.25, memory: "4.5GiB", disk: "30 GB" },
      players: 10,
      connections: { pool: 4, overflow: 30, max: 100 },
      ...game,
    });
    expect(load({ "aurora.yaml": yaml })[0]).toMatchObject({
      slot: 255,
      owner: "a@b.org",
      resources: { cpuMillis: 1250, memoryBytes: 4.5 * GIB, diskBytes: 30 * GB },
      players: 10,
      connections: { pool: 4, overflow: 30, max: 100 },
      game,
    });
  });

  it("accepts a byte order mark, CRLF and a folder with README and dotfiles", () => {
    const yaml = `\uFEFF${regionFile("aurora", 1).replaceAll("\n", "\r\n")}`;
    const regions = load({ "aurora.yaml": yaml, README: "", "README.md": "", ".gitkeep": "" });
    expect(regions.map((region) => region.name)).toEqual(["aurora"]);
  });

  it("accepts a folder without regions", () => {
    expect(load({})).toEqual([]);
  });

  it("sorts by name, which is not the order of the files", () => {
    const files = { "abc-d.yaml": regionFile("abc-d", 1), "abc.yaml": regionFile("abc", 2) };
    expect(Object.keys(files).sort()).toEqual(["abc-d.yaml", "abc.yaml"]);
    expect(load(files).map((region) => region.name)).toEqual(["abc", "abc-d"]);
  });

  it("accepts a region in every slot, sorted by name", () => {
    const slots = Array.from({ length: 255 }, (_, index) => index + 1);
    const files = slots.map((slot) => [`r-${slot}.yaml`, regionFile(`r-${slot}`, slot)]);
    const names = load(Object.fromEntries(files)).map((region) => region.name);
    expect(names).toEqual(slots.map((slot) => `r-${slot}`).sort());
  });

  it("throws one error that holds all problems and prints them sorted", () => {
    const files = { "xyz.yaml": regionFile("xyz", 0), "abc.yaml": "name: abc\nslot: 300\n" };
    const error = catchError(() => load(files));
    expect(error).toBeInstanceOf(ConfigError);
    const places = (error as ConfigError).problems.map(({ line, column, path }) => [line, column, path]);
    expect(places).toEqual([
      [1, 1, "owner"],
      [2, 7, "slot"],
      [2, 7, "slot"],
    ]);
    expect(error.message).toMatch(
      /^3 problems in the configuration; nothing was changed\.\n.*abc\.yaml:1:1: owner: /,
    );
  });
});

describe("order changes nothing", () => {
  it("neither of the keys, at any level, nor of the files", () => {
    const numbers = [fc.maxSafeInteger(), fc.double({ min: -1e6, max: 1e6, noNaN: true })];
    const values = [fc.string(), fc.boolean(), fc.constant(null), ...numbers];
    const data = fc.object({ values, maxDepth: 3, maxKeys: 4 });
    const region = fc.record({
      owner: fc.constant("player-1"),
      resources: fc.constant({ cpu: 2, memory: "4GB", disk: "20GB" }),
      players: fc.integer({ min: 10, max: 250 }),
      rules: data,
      theme: data,
      language: fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 20 }), { maxKeys: 4 }),
    });
    const swap = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(fc.array(region, { minLength: 1, maxLength: 4 }), swap, (regions, coins) => {
        const named = regions.map((written, index) => ({ ...written, name: `r-${index}`, slot: index + 1 }));
        const written = named.map((data): [string, string] => [`${data.name}.yaml`, toYaml(data)]);
        const shuffled = named
          .map((data): [string, string] => [`${data.name}.yaml`, toYaml(reorder(data, coins))])
          .reverse();
        const [a, b] = [load(Object.fromEntries(written)), load(Object.fromEntries(shuffled))];
        // As text: the values become environment variables, where the order of keys would show.
        expect(JSON.stringify(b)).toBe(JSON.stringify(a));
        expect(a.map((model) => asJson(model.game.rules))).toEqual(named.map(({ rules }) => asJson(rules)));
      }),
      { numRuns: 60 },
    );
  });
});

/** The same data with keys in another order. */
function reorder(value: unknown, coins: Iterator<boolean>): unknown {
  if (Array.isArray(value)) return value.map((item) => reorder(item, coins));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, reorder(item, coins)]);
  return Object.fromEntries(coins.next().value ? entries.reverse() : entries);
}

function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false });
}

/** As the game gets it: JSON has no -0. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function catchError(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
