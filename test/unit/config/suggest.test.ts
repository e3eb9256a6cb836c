import { describe, expect, it } from "vitest";
import { suggest } from "../../../config/suggest";

const KEYS =
  "name slot owner resources players governance economy startingCredits startingShip language theme rules".split(
    " ",
  );
const ALL = [...KEYS, "resources.cpu", "resources.memory", "resources.disk"];

describe("suggest", () => {
  it.each([
    ["slto", "slot"],
    ["Slot", "slot"],
    ["owenr", "owner"],
    ["playrs", "players"],
    ["governence", "governance"],
    ["starting_credits", "startingCredits"],
    // The keys of the original region configuration.
    ["owner_id", "owner"],
    ["max_players", "players"],
    ["governance_type", "governance"],
    ["language_pack", "language"],
    ["aesthetic_theme", "theme"],
    ["custom_rules", "rules"],
    ["cpu_cores", "resources.cpu"],
    ["memory_gb", "resources.memory"],
    ["disk_gb", "resources.disk"],
  ])("%s: did you mean %s?", (given, meant) => {
    expect(suggest(given, ALL)).toBe(meant);
  });

  it.each(["colour", "x", "", "port", "z".repeat(1000)])("offers nothing for %s", (given) => {
    expect(suggest(given, ALL)).toBeUndefined();
  });
});
