import { compareText } from "./problems";
import { isMap, refuse, show } from "./refusal";

/** The map travels as one environment variable; Linux allows 128 KiB, the game needs far less. */
export const MAX_FREE_FORM_BYTES = 16 * 1024;
const MAX_DEPTH = 8;

const ALLOWED = "text, numbers, true, false, lists and maps";

/**
 * A map that is passed on as data: bounded in size and depth, expressible in JSON without loss, and with sorted keys,
 * so that the order in which they are written changes nothing.
 * @throws Refusal
 */
export function parseFreeForm(value: unknown): Record<string, unknown> {
  if (!isMap(value)) refuse(show(value), "a map", "Write it as indented `key: value` lines.");
  const sorted = sortKeys(value, 0) as Record<string, unknown>;
  checkSize(sorted);
  return sorted;
}

/**
 * {@link parseFreeForm} for a map of texts.
 * @throws Refusal
 */
export function parseTextMap(value: unknown): Record<string, string> {
  const map = parseFreeForm(value);
  for (const [key, text] of Object.entries(map)) {
    if (typeof text !== "string")
      refuse(`${show(text)} for ${show(key)}`, "a map of texts", "Put the text in quotes.");
  }
  return map as Record<string, string>;
}

function sortKeys(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) refuse("data nested more deeply", `at most ${MAX_DEPTH} levels`, "Flatten it.");
  if (Array.isArray(value)) return value.map((item) => sortKeys(item, depth + 1));
  if (isMap(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
    return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item, depth + 1)]));
  }
  if (typeof value === "number") checkNumber(value);
  return value;
}

function checkNumber(value: number): void {
  if (!Number.isFinite(value))
    refuse(show(value), ALLOWED, "Infinity and NaN do not exist in JSON; write a number.");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    refuse(
      show(value),
      `whole numbers up to ${Number.MAX_SAFE_INTEGER}`,
      "Put a longer number in quotes; it would lose digits.",
    );
  }
}

function checkSize(value: Record<string, unknown>): void {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > MAX_FREE_FORM_BYTES) {
    refuse(
      `${bytes} bytes as JSON`,
      `at most ${MAX_FREE_FORM_BYTES / 1024} KiB`,
      "Shorten it; keep large data in the game.",
    );
  }
}
