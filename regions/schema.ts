import { z } from "zod";
import { CURRENT_SPLIT } from "../catalog/regionBudget";
import { connectionsSchema } from "../config/connectionsSchema";
import { field, integer, oneOf, text } from "../config/fields";
import { parseFreeForm, parseTextMap } from "../config/freeForm";
import { parseCpu, parseSize } from "../config/units";
import { SLOTS } from "./addresses";
import { ECONOMIES, GOVERNANCES, REGION_LIMITS } from "./defaults";
import { parseRegionName } from "./names";

/** A region's slot, on its own because two files are compared by it even when something else in them is wrong. */
export const slotField = integer({
  what: "a whole number",
  ...SLOTS,
  advice: "Choose a slot that no other region uses, and never change it later.",
});

/** A region's name, on its own for the same reason. */
export const nameField = field(parseRegionName);

/**
 * A region file as it is written: one entry a key, nothing else allowed, defaults not filled in.
 * `normalise.ts` turns it into a `RegionConfig`.
 */
export const regionSchema = z.strictObject({
  name: nameField,
  slot: slotField,
  owner: text({
    what: "the owner's id in the game: letters, digits and . _ @ + -",
    pattern: /^[A-Za-z0-9][A-Za-z0-9._@+-]*$/,
    maxLength: 64,
    advice: "Write the id of the account that owns the region.",
  }),
  resources: z
    .strictObject({
      cpu: field((value) => parseCpu(value, REGION_LIMITS.cpu)).optional(),
      memory: field((value) => parseSize(value, REGION_LIMITS.memory)).optional(),
      disk: field((value) => parseSize(value, REGION_LIMITS.disk)).optional(),
    })
    .optional(),
  players: integer({
    what: "a whole number",
    ...REGION_LIMITS.players,
    advice: "Choose how many players may be in the region at once.",
  }).optional(),
  split: integer({
    what: "a whole number",
    ...{ min: 1, max: CURRENT_SPLIT },
    advice: "Leave it out, or write the newest for a region with all services.",
  }).optional(),
  connections: connectionsSchema.optional(),
  governance: oneOf(GOVERNANCES).optional(),
  economy: oneOf(ECONOMIES).optional(),
  startingCredits: integer({
    what: "a whole number",
    ...REGION_LIMITS.startingCredits,
    advice: "Choose what a new player starts with.",
  }).optional(),
  startingShip: text({
    what: "a ship of the game: lower-case letters, digits, - and _",
    pattern: /^[a-z0-9][a-z0-9_-]*$/,
    maxLength: 32,
    advice: "Write the ship's key, such as scout.",
  }).optional(),
  language: field(parseTextMap).optional(),
  theme: field(parseFreeForm).optional(),
  rules: field(parseFreeForm).optional(),
});

/** A checked region file, before defaults. Sizes are already numbers in the model's units. */
export type RawRegion = z.output<typeof regionSchema>;
