import { check } from "../../config/check";
import type { Problem } from "../../config/problems";
import { formatCpu, formatSize, GB_AND_GIB } from "../../config/units";
import type { RegionConfig } from "../../regions/model";
import { normalise } from "../../regions/normalise";
import { playersRefusal } from "../../regions/players";
import { regionSchema } from "../../regions/schema";
import { badInput, type Failure } from "../failure";

/** A region's size as a person types it. */
export interface SizeOptions {
  cpu?: string;
  memory?: string;
  disk?: string;
  players?: string;
}

/** A region's size as its file says it; what was not given is absent. */
export interface FileSizes {
  resources: { cpu?: number | string; memory?: string; disk?: string };
  players?: number | string;
}

/** The options as a file would have them: numbers without quotes, sizes without a space. */
export function fileSizes({ cpu, memory, disk, players }: SizeOptions): FileSizes {
  return {
    resources: {
      cpu: cpu && asNumber(cpu),
      memory: memory && withoutSpace(memory),
      disk: disk && withoutSpace(disk),
    },
    players: players && asNumber(players),
  };
}

/** A number that was typed, or the words as they are, for the message about them. */
export function asNumber(typed: string): number | string {
  return /^[+-]?(\d+\.?\d*|\.\d+|NaN|Infinity)$/.test(typed) ? Number(typed) : typed;
}

/** `4 GiB` is `4GiB`: what stands in a file needs no quotes for either, so it gets the common form. */
function withoutSpace(size: string): string {
  return size.replace(/^(\S+) ([A-Za-z]+)$/, "$1$2");
}

/** A new region, or what is wrong with it, in the words of the region files, with the options' names. */
export function checkRegion(
  region: unknown,
): { value: RegionConfig; problems?: undefined } | { problems: string[] } {
  const { value, problems } = check(regionSchema, region, { file: "" });
  return problems ? { problems: problems.map(inWords) } : { value: normalise(value) };
}

/** Is the memory enough for the players? What is wrong is said of the option that was given. */
export function memoryProblems(
  { players, memory }: Pick<Record<SizeKey, number>, "players" | "memory">,
  region: Pick<RegionConfig, "connections" | "split">,
  given: SizeOptions,
): string[] {
  const advice = (least: string) => `Give --memory ${least}, or fewer --players.`;
  const message = playersRefusal(players, memory, region, advice);
  return message === undefined ? [] : [`--${given.players === undefined ? "memory" : "players"}: ${message}`];
}

/** A value as it is written and in the model's unit. */
export interface SizeValue {
  written: string | number;
  value: number;
}

/** What the options give, in the model's units, or what is wrong with them. */
export function checkSizes(options: SizeOptions) {
  const { value, problems } = check(SIZE_SCHEMA, fileSizes(options), { file: "" });
  return problems ? { problems: problems.map(inWords) } : { value };
}

const SIZE_SCHEMA = regionSchema.pick({ resources: true, players: true });

/**
 * The size that the options give.
 * @throws Failure (bad input) with every value that cannot be a region's, or when there is none
 */
export function readSizes(options: SizeOptions): Partial<Record<SizeKey, SizeValue>> {
  const given = fileSizes(options);
  const checked = checkSizes(options);
  if (checked.problems) throw refused(checked.problems);
  const sizes = sizesIn(given, { ...checked.value.resources, players: checked.value.players });
  if (Object.keys(sizes).length === 0) {
    throw refused([
      `Nothing to scale was given: say one or more of ${SIZE_KEYS.map((key) => `--${key}`).join(", ")}.`,
    ]);
  }
  return sizes;
}

/** A size as it is written and as it counts. */
export function sizesIn(
  { resources, players }: FileSizes,
  values: Partial<Record<SizeKey, number>>,
): Partial<Record<SizeKey, SizeValue>> {
  const all = { ...resources, players };
  const sizes = SIZE_KEYS.flatMap((key) => {
    const [written, value] = [all[key], values[key]];
    return written !== undefined && value !== undefined ? [[key, { written, value }] as const] : [];
  });
  return Object.fromEntries(sizes);
}

function inWords({ path, message }: Problem): string {
  return `${path === "name" ? "NAME" : path.replace(/^(.*\.)?/, "--")}: ${message}`;
}

/** All problems of a command line as one message. */
export function refused(problems: string[]): Failure {
  return badInput([...problems, "Nothing was changed."].join("\n"));
}

/** GB and GiB are both allowed; who writes the one may think of the other. */
export function unitNote({ memory, disk }: SizeOptions): string | undefined {
  return [memory, disk].some((size) => size?.endsWith("iB")) ? `Note: ${GB_AND_GIB}.` : undefined;
}

/** The four values that make a region's size. */
export const SIZE_KEYS = ["cpu", "memory", "disk", "players"] as const;
export type SizeKey = (typeof SIZE_KEYS)[number];

/** A region's size in the model's units. */
export function sizeOf({ resources, players }: RegionConfig): Record<SizeKey, number> {
  return { cpu: resources.cpuMillis, memory: resources.memoryBytes, disk: resources.diskBytes, players };
}

/** A value of a size for people. */
export function formatValue(key: SizeKey, value: number): string {
  if (key === "players") return String(value);
  return key === "cpu" ? formatCpu(value) : formatSize(value);
}
