/** Names that the field gives to secrets. Whole words, so that `MONKEY_BUSINESS` is none. */
const SECRET_NAME =
  /(^|_)(PASS(WORD|WD|PHRASE)?|PW|SECRETS?|TOKENS?|(API|PRIVATE|ACCESS|ENCRYPTION|SIGNING)_?KEYS?|KEY|CREDENTIALS?|DSN)(_|$)/i;

/** Shapes that leave no doubt: a password in a URL, a private key, and the prefixes of well-known tokens. */
const SECRET_SHAPES = [
  /\w:\/\/[^/\s:@]*:[^/\s@]+@/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\b(gh[opsru]_|glpat-|xox[abprs]-|sk-|sk_live_|pul-)[\w-]{16,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
];

const UUID = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** Shortest run of letters and digits that is judged; our own secrets have 40. */
const RUN = /[A-Za-z0-9]{20,}/g;

/** Bits a character. English words joined together have up to 3.4 at this length, random text 4 and more. */
const MIN_ENTROPY = 3.5;

export function sounds(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Has it the shape of a secret, or a run of characters that nobody would write by hand? Identifiers in UUID form pass. */
export function looksSecret(value: string): boolean {
  if (SECRET_SHAPES.some((shape) => shape.test(value))) return true;
  const runs = value.replaceAll(UUID, " ").match(RUN) ?? [];
  return runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run) && entropy(run) >= minimum(run));
}

/** Hexadecimal digits have no more than 4 bits. */
function minimum(run: string): number {
  return /^[0-9a-f]+$/i.test(run) ? MIN_ENTROPY - 0.5 : MIN_ENTROPY;
}

/** Shannon's entropy of the characters of a text, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
