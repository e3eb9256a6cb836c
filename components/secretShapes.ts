/*
 * What the secrets of secrets.ts look like: it makes them so, the policies look whether a secret is one of them. Free of
 * Pulumi, which takes a second to load.
 */

/** Letters and digits only: it travels in connection URLs, where `/`, `+` and `%` break the game server's parsers. */
export const PASSWORD = { length: 40, special: false };

const password = `[A-Za-z0-9]{${PASSWORD.length}}`;
const SHAPES = [
  new RegExp(`^(${password})$`),
  // `derivedToken`: 32 bytes in hexadecimal digits.
  /^([0-9a-f]{64})$/,
  // `derivedFernetKey`: 32 bytes in URL-safe base64.
  /^([\w-]{43}=)$/,
  // The URL of a database or a cache.
  new RegExp(`^[a-z]+://\\w+:(${password})@[\\w.-]+:\\d+/\\w+$`),
];

/** Random text of these lengths has more than twice as many; `aaaa…` has the right length, too. */
const MIN_DIFFERENT = 10;

/** Is this a secret that the program makes, or a URL that holds one? A well-made literal is one as well. */
export function isGenerated(value: string): boolean {
  return SHAPES.some((shape) => new Set(shape.exec(value)?.[1]).size >= MIN_DIFFERENT);
}
