import { Document, stringify } from "yaml";
import { formatCpu, formatSize } from "../../config/units";
import { SLOTS } from "../../regions/addresses";
import { ECONOMIES, GOVERNANCES, REGION_DEFAULTS, REGION_LIMITS } from "../../regions/defaults";
import { NAME_LENGTH } from "../../regions/names";

/** One key of the sample. `path` has a dot where the key is inside `resources`. */
export interface SampleKey {
  path: string;
  value: string | number;
  /** What is allowed, in a few words. */
  about: string;
}

/** Every key of a region file that holds a single value, with its default. */
export function sampleKeys(name: string, slot: number): SampleKey[] {
  const { resources, players, game } = REGION_DEFAULTS;
  const { cpu, memory, disk } = REGION_LIMITS;
  const range = ({ min, max }: { min: number; max: number }, as: (value: number) => string = String) =>
    `${as(min)} to ${as(max)}`;
  return [
    {
      path: "name",
      value: name,
      about: `for ever; ${range(NAME_LENGTH)} a-z, 0-9 and -; also the file's name`,
    },
    {
      path: "slot",
      value: slot,
      about: `for ever; ${range(SLOTS)}, a free one; the third number of its network`,
    },
    { path: "owner", value: "owner-id", about: "the owner's id in the game; write yours" },
    {
      path: "resources.cpu",
      value: Number(formatCpu(resources.cpuMillis)),
      about: `${range(cpu, formatCpu)}, in steps of 0.01; of all containers together`,
    },
    { path: "resources.memory", value: formatSize(resources.memoryBytes), about: range(memory, formatSize) },
    { path: "resources.disk", value: formatSize(resources.diskBytes), about: range(disk, formatSize) },
    { path: "players", value: players, about: `${range(REGION_LIMITS.players)} at once` },
    { path: "governance", value: game.governance, about: GOVERNANCES.join(", ") },
    { path: "economy", value: game.economy, about: ECONOMIES.join(", ") },
    { path: "startingCredits", value: game.startingCredits, about: range(REGION_LIMITS.startingCredits) },
    { path: "startingShip", value: game.startingShip, about: "what a new player starts with" },
  ];
}

/** The sample as data, as a program would write it. */
export function sampleData(keys: SampleKey[]): Record<string, unknown> {
  const document = new Document({});
  for (const { path, value } of keys) document.setIn(path.split("."), value);
  return document.toJS();
}

/** The sample as a file, with a comment at every key. */
export function sampleText(keys: SampleKey[]): string {
  const lines = ["# A region. Only name, slot and owner are required; the rest are the defaults."];
  for (const { path, value, about } of keys) {
    const [key, nested] = path.split(".").reverse();
    if (nested !== undefined && !lines.includes(`${nested}:`)) lines.push(`${nested}:`);
    const indent = nested === undefined ? "" : "  ";
    lines.push(`${indent}${`${key}: ${stringify(value).trim()}`.padEnd(26 - indent.length)} # ${about}`);
  }
  return `${lines.join("\n")}
# Data for the game; nothing of the platform reads it.
# language:
#   greeting: Welcome
# theme:
#   primaryColor: "#5eead4"
# rules:
#   pvp: true
`;
}
