import { refuse, show } from "../config/refusal";

/** Length of a region's name. It is part of container names, which are DNS labels of at most 63 characters. */
export const NAME_LENGTH = { min: 3, max: 32 };

/** A valid name, apart from its length and the reserved ones. The gateway uses the same pattern. */
export const NAME_PATTERN = /^[a-z0-9](-?[a-z0-9])*$/;

/** Names that the platform, its gateway's paths or the game use themselves. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...[
    "admin",
    "administrator",
    "api",
    "app",
    "central",
    "central-nexus",
    "default",
    "ftp",
    "galactic",
    "help",
    "mail",
  ],
  ...[
    "moderator",
    "my-region",
    "nexus",
    "official",
    "platform",
    "production",
    "root",
    "staff",
    "staging",
    "support",
  ],
  ...["system", "test", "treaties", "www"],
]);

/** With or without hyphens: the game's API uses UUIDs in the same place of a path as names. */
const UUID = /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/i;

const RULE = `${NAME_LENGTH.min} to ${NAME_LENGTH.max} lower-case letters, digits and single hyphens between them`;

/**
 * A region's name.
 * @throws Refusal
 */
export function parseRegionName(value: unknown): string {
  if (typeof value !== "string") {
    const quotes = typeof value === "number" || typeof value === "boolean";
    refuse(
      show(value),
      RULE,
      quotes ? `Put the name in quotes: "${value}".` : "Write the region's name, such as aurora.",
    );
  }
  if (UUID.test(value))
    refuse(show(value), `${RULE}, but not a UUID`, "Choose a name that people can say, such as aurora.");
  if (value !== value.toLowerCase())
    refuse(show(value), RULE, `Use lower case: "${value.toLowerCase().slice(0, NAME_LENGTH.max)}".`);
  if (!NAME_PATTERN.test(value)) refuse(show(value), RULE, patternAdvice(value));
  if (value.length < NAME_LENGTH.min)
    refuse(show(value), RULE, `This name has ${value.length}; choose a longer one.`);
  if (value.length > NAME_LENGTH.max)
    refuse(show(value), RULE, `This name has ${value.length}; choose a shorter one.`);
  if (RESERVED_NAMES.has(value))
    refuse(
      show(value),
      `any name but ${[...RESERVED_NAMES].join(", ")}`,
      "Choose another name; the platform uses this one.",
    );
  return value;
}

function patternAdvice(value: string): string {
  if (value === "") return "Write the region's name, such as aurora.";
  const strange = Array.from(value).find((character) => !/[a-z0-9-]/.test(character));
  if (strange === "_") return 'Use "-" in place of "_".';
  if (strange !== undefined) return `Leave out the character ${show(strange)}.`;
  return value.includes("--") ? 'Write one "-" in place of several.' : 'Do not begin or end with "-".';
}
