/** "1 container", "2 containers". */
export function count(number: number, word: string, many = `${word}s`): string {
  return `${number} ${number === 1 ? word : many}`;
}

/** What a person adds to `npm run COMMAND` for a stack; commands work on `dev` by themselves. */
export function stackFlag(stack: string): string {
  return stack === "dev" ? "" : ` -- --stack ${stack}`;
}

/** At most `most` names, then how many more there are. */
export function listed(names: string[], most = 8): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
