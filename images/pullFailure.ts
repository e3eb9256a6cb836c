/** Says in plain words why a registry's image could not be had, and what to do. Pure. */

/** What the Engine says, in the order in which it is looked for, and what it means. */
const MEANINGS: [RegExp, (registry: string, login: string | undefined) => string][] = [
  [
    /no space left on device/i,
    () => "the Docker host's disk is full; free some below Docker's data root (docker system df)",
  ],
  [
    /unauthorized|no basic auth|authentication required|incorrect username or password|access denied|access to the resource is denied|\bforbidden\b/i,
    (registry, login) =>
      login === undefined
        ? `${registry} asks for a login, or has no such image, and this machine has no login for it; docker login ${registry}, or set nexus:registries (docs/settings.md)`
        : `${registry} refuses the login ${login}, or has no such image; docker login ${registry}, or set nexus:registries (docs/settings.md) right`,
  ],
  [
    /manifest unknown|manifest for .* not found|repository .* not found|name unknown|name invalid/i,
    (registry) => `${registry} has no such image; check name, tag and digest`,
  ],
  [
    /no matching manifest/i,
    (registry) => `${registry} has it for other kinds of machines only than the Docker host's`,
  ],
  [
    /server gave HTTP response to HTTPS client|x509:|tls: /i,
    (registry) =>
      `the Docker Engine does not trust ${registry}; give it its certificate in /etc/docker/certs.d`,
  ],
  [
    /toomanyrequests|too many requests|rate limit/i,
    (registry) => `${registry} takes no more requests for now; log in (docker login), or wait`,
  ],
  [
    /connection refused|connection reset|no such host|i\/o timeout|\bEOF\b|handshake timeout|unreachable|no route to host|nothing came for|request canceled|deadline exceeded|broken pipe|server misbehaving|bad gateway|service unavailable|gateway time/i,
    (registry) =>
      `${registry} cannot be reached from the Docker host, or went away; try again, or check its network and proxy`,
  ],
];

/**
 * @param reason what the Engine said
 * @param login whose login was sent; undefined when none was
 */
export function whyNot(reason: string, registry: string, login: string | undefined): string {
  const said = reason
    .replace(/^\(HTTP code \d+\) [^-]*- /, "")
    .replace(/\s+/g, " ")
    .trim();
  const meaning = MEANINGS.find(([pattern]) => pattern.test(said))?.[1];
  return meaning ? `${meaning(registry, login)} (${said})` : said;
}
