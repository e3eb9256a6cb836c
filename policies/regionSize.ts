import { REGION_LIMITS } from "../regions/defaults";
import { resourcePolicy } from "./kit/define";
import { REGION } from "./kit/resources";
import { integer } from "./kit/schema";

const { cpu, memory, disk, players } = REGION_LIMITS;

/** The sizes that a region can be bought in (the specification's table of regional instances). */
export const regionSize = resourcePolicy({
  name: "region-size",
  description: "A region's CPU, memory, disk and players are within what a region can be sold with.",
  type: REGION,
  config: {
    minCpuMillis: integer(cpu.min),
    maxCpuMillis: integer(cpu.max),
    minMemoryBytes: integer(memory.min),
    maxMemoryBytes: integer(memory.max),
    minDiskBytes: integer(disk.min),
    maxDiskBytes: integer(disk.max),
    minPlayers: integer(players.min),
    maxPlayers: integer(players.max),
  },
  whenUnknown: "refuse",
  check({ props, config, part, report }) {
    const within = (key: "cpuMillis" | "memoryBytes" | "diskBytes" | "players", min: number, max: number) =>
      part(() => {
        const value = props[key];
        if (!Number.isInteger(value)) report(`${key} is not given as a whole number`);
        else if (Number(value) < min || Number(value) > max) {
          report(`${key} is ${value}; allowed is ${min} to ${max}`);
        }
      });
    within("cpuMillis", config.minCpuMillis, config.maxCpuMillis);
    within("memoryBytes", config.minMemoryBytes, config.maxMemoryBytes);
    within("diskBytes", config.minDiskBytes, config.maxDiskBytes);
    within("players", config.minPlayers, config.maxPlayers);
  },
});
