/*
 * What the secrets of secrets.ts look like: it makes them so, the policies look whether a secret is one of them. Free of
 * Pulumi, which takes a second to load.
 */

/** Letters and digits only: it travels in connection URLs, where `/`, `+` and `%` break the game server's parsers. */
export const PASSWORD = { length: 40, special: false };

const password = `[A-Za-z0-9]{${PASSWORD.length}}`;
/** And `derivedToken`: 32 bytes in hexadecimal digits; `derivedFernetKey`: 32 bytes in URL-safe base64. */
const secret = `${password}|[0-9a-f]{64}|[\\w-]{43}=`;
/** Or the URL of a database or a cache. */
const WHOLE = new RegExp(`^(?:(${secret})|[a-z]+://\\w+:(${password})@[\\w.-]+:\\d+/\\w+)$`);
const WITHIN = new RegExp(`(?<![\\w-])(?:${secret})(?![\\w-])`, "g");

/** Random text of these lengths has more than twice as many; `aaaa…` has the right length, too. */
const MIN_DIFFERENT = 10;

/** Is this a secret that the program makes, or a URL that holds one? A well-made literal is one as well. */
export function isGenerated(value: string): boolean {
  const [, alone, inUrl] = WHOLE.exec(value) ?? [];
  return isMixed(alone ?? inUrl ?? "");
}

/** Does a text hold one somewhere, where none belongs? */
export function holdsGenerated(text: string): boolean {
  return (text.match(WITHIN) ?? []).some(isMixed);
}

function isMixed(text: string): boolean {
  return new Set(text).size >= MIN_DIFFERENT;
}
