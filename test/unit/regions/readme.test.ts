import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CURRENT_SPLIT } from "../../../catalog/regionBudget";
import { leavesOf } from "../../../config/check";
import { CONNECTION_LIMITS } from "../../../config/connections";
import { formatCpu, formatSize } from "../../../config/units";
import { SLOTS } from "../../../regions/addresses";
import { ECONOMIES, GOVERNANCES, REGION_DEFAULTS, REGION_LIMITS } from "../../../regions/defaults";
import { NAME_LENGTH, RESERVED_NAMES } from "../../../regions/names";
import { regionSchema } from "../../../regions/schema";
import { tableRows } from "../config/markdown";

const README = readFileSync(resolve(__dirname, "../../../regions/README.md"), "utf8");

describe("regions/README.md", () => {
  const rows = tableRows(README, "key");

  it("lists exactly the keys of a region file", () => {
    expect(rows.map(([key]) => key).sort()).toEqual(leavesOf(regionSchema).sort());
  });

  it("states the defaults and ranges of the code", () => {
    const { resources, players, game } = REGION_DEFAULTS;
    const { cpu, memory, disk } = REGION_LIMITS;
    const count = ({ min, max }: { min: number; max: number }) => `${min} to ${max}`;
    const facts: Record<string, [byDefault: string, allowed: string]> = {
      name: ["required", count(NAME_LENGTH)],
      slot: ["required", count(SLOTS)],
      owner: ["required", "64"],
      "resources.cpu": [formatCpu(resources.cpuMillis), `${formatCpu(cpu.min)} to ${formatCpu(cpu.max)}`],
      "resources.memory": [
        formatSize(resources.memoryBytes),
        `${formatSize(memory.min)} to ${formatSize(memory.max)}`,
      ],
      "resources.disk": [
        formatSize(resources.diskBytes),
        `${formatSize(disk.min)} to ${formatSize(disk.max)}`,
      ],
      players: [String(players), count(REGION_LIMITS.players)],
      split: ["1", count({ min: 1, max: CURRENT_SPLIT })],
      "connections.pool": ["from the players", count(CONNECTION_LIMITS.pool)],
      "connections.overflow": ["from the players", count(CONNECTION_LIMITS.overflow)],
      "connections.max": ["from the players", count(CONNECTION_LIMITS.max)],
      governance: [game.governance, GOVERNANCES.join(", ")],
      economy: [game.economy, ECONOMIES.join(", ")],
      startingCredits: [String(game.startingCredits), count(REGION_LIMITS.startingCredits)],
      startingShip: [game.startingShip, "32"],
      language: ["empty", "16 KiB"],
      theme: ["empty", "16 KiB"],
      rules: ["empty", "16 KiB"],
    };
    for (const [key = "", byDefault, allowed] of rows) {
      expect([key, byDefault]).toEqual([key, facts[key]?.[0]]);
      expect(allowed, key).toContain(facts[key]?.[1]);
    }
  });

  it("lists the reserved names", () => {
    const [, list = ""] = /Reserved: ([^.]+)\./.exec(README) ?? [];
    expect(
      list
        .replaceAll(/[`\n]/g, " ")
        .split(/[\s,]+/)
        .filter(Boolean),
    ).toEqual([...RESERVED_NAMES]);
  });
});
