/**
 * Words for the person go to stderr, so that stdout stays free for what a program reads (`--json`, a table, an
 * address to open).
 */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One machine-readable document on stdout. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** "1 container", "2 containers". */
export function count(number: number, word: string, many = `${word}s`): string {
  return `${number} ${number === 1 ? word : many}`;
}

/** At most `most` names, then how many more there are. */
export function listed(names: string[], most = 8): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
