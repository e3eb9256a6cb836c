/** Who is asking, and under which name: the rules of the real server, which the gateway has to satisfy. */

/** The real server answers only to `localhost` outside development, so the gateway has to rewrite Host. */
export function hostAllowed(host: string | undefined, environment: string): boolean {
  return environment === "development" || (host ?? "").split(":")[0] === "localhost";
}

/** The left-most X-Forwarded-For entry, as the real server reads it: so the gateway has to overwrite the header. */
export function clientAddress(forwardedFor: string | string[] | undefined, peer: string | undefined): string {
  const first = String(forwardedFor ?? "")
    .split(",")[0]
    ?.trim();
  return first || (peer ?? "").replace(/^::ffff:/, "");
}
