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

/** Bits a character: random text of that length has about 4, with 16 different characters about 3.3. */
const MIN_ENTROPY = 3;

/**
 * How often, at least, the kind of character (capital, small, digit) changes from one to the next, from capital to small
 * left out: words begin like that. Random text has 0.45, names that people join ("sector7alphaCentauri2102") 0.17.
 */
const MIN_CHANGES = 0.2;

/** Is it named like a secret? */
export function namedLikeSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Has it a shape that only secrets have? */
export function shapedLikeSecret(value: string): boolean {
  return SECRET_SHAPES.some((shape) => shape.test(value));
}

/** Has it a run of characters that nobody would write by hand? Identifiers in UUID form pass. */
export function looksRandom(value: string): boolean {
  const runs = value.replaceAll(UUID, " ").match(RUN) ?? [];
  return runs.some((run) => entropy(run) >= MIN_ENTROPY && changes(run) >= MIN_CHANGES);
}

function changes(text: string): number {
  const kinds = text.replace(/[A-Z]/g, "A").replace(/[a-z]/g, "a").replace(/\d/g, "0");
  const pairs = [...kinds].slice(1).map((kind, index) => [kinds[index], kind].join(""));
  return pairs.filter((pair) => pair[0] !== pair[1] && pair !== "Aa").length / pairs.length;
}

/** Shannon's entropy of the characters of a text, in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
