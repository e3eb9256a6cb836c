/** What a person can do about drift, with the commands as they are typed. */
export interface Remedies {
  /** The next `up` puts it right. */
  up(): string;
  /** Making the container again is the only way. */
  remake(container: string): string;
  other(text: string): string;
}

/** @param stack name of the stack; `dev` is the one that commands work on by themselves */
export function remediesFor(stack: string): Remedies {
  const up = `npm run up${stack === "dev" ? "" : ` -- --stack ${stack}`}`;
  return {
    up: () => up,
    remake: (container) => `docker rm -f ${container}, then ${up}: it is made again and keeps its data`,
    other: (text) => text.replaceAll("{up}", up),
  };
}
