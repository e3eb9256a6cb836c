import { z } from "zod";
import { type Breach, compareText } from "./problems";
import { isEncrypted, isMap, refusalText, show } from "./refusal";
import { namedLikeSecret, shapedLikeSecret } from "./secretLooking";

/** Variables of an operator's own for the game server. */
export interface GameVariables {
  plain: Record<string, string>;
  /** Names of those whose values are encrypted in the settings; only Pulumi has the values. Sorted. */
  secret: string[];
}

/** Who gets what: `env` Nexus and regions, the other two one of them. Workers get what their region's server gets. */
export const VARIABLE_MAPS = ["env", "nexusEnv", "regionEnv"] as const;
export type VariableMap = (typeof VARIABLE_MAPS)[number];

/**
 * What the program itself tells a game server, and what would take the place of that: the real server prefers
 * `DATABASE_URL_PROD`. A unit test compares it with what the components declare.
 */
export const OWN_VARIABLES: ReadonlySet<string> = new Set([
  ...["ADMIN_PASSWORD", "ADMIN_USERNAME", "AESTHETIC_THEME", "ARIA_ENCRYPTION_KEY", "CENTRAL_NEXUS_URL"],
  ...["CUSTOM_RULES", "DATABASE_URL", "DATABASE_URL_PROD", "ECONOMIC_SPECIALIZATION", "ENVIRONMENT"],
  ...["GAMESERVER_MODE", "GOVERNANCE_TYPE", "JWT_SECRET", "LANGUAGE_PACK", "MAX_PLAYERS"],
  ...["NEXUS_REGISTRATION_KEY", "PYTHONDONTWRITEBYTECODE", "REDIS_URL", "REGION_ID", "REGION_NAME"],
  ...["REGION_OWNER_ID", "REGION_TOKEN", "SERVICE_TYPE", "SQLALCHEMY_MAX_OVERFLOW", "SQLALCHEMY_POOL_SIZE"],
  ...["STARTING_CREDITS", "STARTING_SHIP", "STORAGE_TOKEN", "STORAGE_URL", "UVICORN_WORKERS"],
]);

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const MAX_VALUE_LENGTH = 4096;

/** A map of variables as it is written: texts, and what `pulumi config set --secret` has encrypted. */
export const variablesSchema = z.unknown().transform((value, context): GameVariables => {
  if (!isMap(value)) {
    const advice = "Write one variable a line, such as `FRONTEND_URL: https://play.example.org`.";
    context.addIssue({ code: "custom", message: refusalText(show(value), "a map of variables", advice) });
    return z.NEVER;
  }
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  for (const [name, given] of entries) {
    const message = problemOf(name, given);
    if (message) context.addIssue({ code: "custom", message, path: [name] });
  }
  return {
    plain: Object.fromEntries(entries.filter((entry): entry is [string, string] => !isEncrypted(entry[1]))),
    secret: entries.filter(([, given]) => isEncrypted(given)).map(([name]) => name),
  };
});

/** The names that are in two maps of which one server gets both. */
export function repeatedVariables(raw: Record<string, unknown>): Breach[] {
  const both = isMap(raw.env) ? raw.env : {};
  return (["nexusEnv", "regionEnv"] as const).flatMap((map) =>
    Object.keys(isMap(raw[map]) ? (raw[map] as object) : {})
      .filter((name) => Object.hasOwn(both, name))
      .map((name) => ({
        path: [map, name],
        message: refusalText(
          `${name}, which env has as well,`,
          "each variable once",
          "Remove one of the two.",
        ),
      })),
  );
}

function problemOf(name: string, given: unknown): string | undefined {
  if (!NAME.test(name)) {
    const rule = "a name of letters, digits and _ that begins with no digit";
    return refusalText(`the name ${show(name)}`, rule, "Correct the name.");
  }
  if (OWN_VARIABLES.has(name)) {
    return refusalText(
      name,
      "a variable that the program does not set itself",
      "Remove it; docs/game-server.md lists those.",
    );
  }
  if (isEncrypted(given)) return undefined;
  if (typeof given === "number" || typeof given === "boolean") {
    return refusalText(show(given), "a text", `Put it in quotes: "${given}".`);
  }
  if (typeof given !== "string" || given.includes("\0")) {
    return refusalText(show(given), "a text, or an encrypted value", "Write the value in quotes.");
  }
  if (given.length > MAX_VALUE_LENGTH) {
    return refusalText(`${given.length} characters`, `at most ${MAX_VALUE_LENGTH}`, "Shorten it.");
  }
  if (given !== "" && (namedLikeSecret(name) || shapedLikeSecret(given))) {
    const advice = "Encrypt it: docs/game-server.md says how.";
    return refusalText("what looks like a secret", "a secret only as an encrypted value", advice);
  }
  return undefined;
}
