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

/** Is it named like a secret? */
export function namedLikeSecret(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Has it a shape that only secrets have? */
export function shapedLikeSecret(value: string): boolean {
  return SECRET_SHAPES.some((shape) => shape.test(value));
}
