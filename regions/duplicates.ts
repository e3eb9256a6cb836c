import { problemAt } from "../config/check";
import { type Problem, place } from "../config/problems";
import { refusalText, show } from "../config/refusal";
import type { YamlSource } from "../config/yamlSource";
import { SLOTS } from "./addresses";

/** What must be unique in a region file, as far as it could be read. */
export interface Identity {
  source: YamlSource;
  name?: string;
  slot?: number;
}

/** One problem for every region that repeats the name or the slot of an earlier file; it names both places. */
export function findDuplicates(identities: Identity[]): Problem[] {
  const freeSlot = lowestFreeSlot(identities);
  const slotAdvice = freeSlot === undefined ? "All slots are taken." : `The lowest free slot is ${freeSlot}.`;
  return [
    ...repeated(identities, "name", "Rename the region that is not running yet."),
    ...repeated(identities, "slot", `Change the region that is not running yet. ${slotAdvice}`),
  ];
}

function repeated(identities: Identity[], key: "name" | "slot", advice: string): Problem[] {
  return [...Map.groupBy(identities, (one) => one[key])].flatMap(([value, [first, ...others]]) => {
    if (value === undefined || !first) return [];
    const other = place({ file: first.source.file, ...first.source.locate([key], "value") });
    const message = refusalText(
      `${show(value)}, which ${other} has as well,`,
      `a ${key} of its own for every region`,
      advice,
    );
    return others.map(({ source }) => problemAt(source, { path: [key], message }));
  });
}

/** The lowest slot that no region has; undefined when all are taken. */
export function lowestFreeSlot(regions: readonly { slot?: number }[]): number | undefined {
  const used = new Set(regions.map(({ slot }) => slot));
  for (let slot = SLOTS.min; slot <= SLOTS.max; slot++) if (!used.has(slot)) return slot;
  return undefined;
}
