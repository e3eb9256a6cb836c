/**
 * Why a value is not accepted: what was given, what is allowed, what to do.
 * Thrown by the parsers of single values, which know neither the file nor the line; see `fields.ts`.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/**
 * @param given what was found, from {@link show}
 * @param allowed the rule, as the end of "allowed is ..."
 * @param advice one or more whole sentences
 */
export function refuse(given: string, allowed: string, advice: string): never {
  throw new Refusal(refusalText(given, allowed, advice));
}

/** The message of {@link refuse}. */
export function refusalText(given: string, allowed: string, advice: string): string {
  return `${given} was given; allowed is ${allowed}. ${advice}`;
}

const SHOWN_LENGTH = 60;
const SHOWN_AT_ALL = 4096;

/**
 * A value for a message: short, printable and on one line.
 * Maps and lists are named, not shown, because an encrypted setting (`{secure: ...}`) is a map.
 */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "nothing (an empty value)";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  if (isEncrypted(value)) return "an encrypted value";
  if (typeof value === "object") return "a map";
  return String(value);
}

/** Quoted, cut to a bounded length, everything that does not print escaped. */
export function quote(text: string, length = SHOWN_LENGTH): string {
  if (text.length > SHOWN_AT_ALL) return `text of ${text.length} characters`;
  // Before it is cut: half a password must not look like a host.
  const characters = Array.from(hidePassword(text));
  const cut = characters.length > length ? `${characters.slice(0, length).join("")}...` : characters.join("");
  return JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

/** {@link quote} without the quotes, for names of keys and files. */
export function plain(text: string, length = SHOWN_LENGTH): string {
  return quote(text, length).replace(/^"(.*)"$/, "$1");
}

/** A map as files have them. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pulumi writes an encrypted setting as `{secure: <cipher text>}`. */
export function isEncrypted(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

/** `ssh://user:password@host`: the only place where a plain setting could hold a secret. */
function hidePassword(text: string): string {
  return text.replace(/(:\/\/[^/@\s:]*):[^@\s]*@/g, "$1:***@");
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
