/** Where this machine gets Debian packages from, as its own apt is configured: never a host name of ours. */

/** One apt source: an archive's address and the suite in it. */
export interface AptSource {
  uri: string;
  suite: string;
}

export interface DebianMirror {
  /** Archive that debootstrap reads. */
  uri: string;
  /** All sources for the image's `sources.list`: the release, its updates, its security fixes where configured. */
  sources: AptSource[];
  /** apt settings of this machine that reaching the mirror may need, as `apt.conf` lines. */
  aptConf: string[];
  /** Proxy for HTTP downloads, as apt is configured. */
  proxy?: string;
}

/** One line per apt index target, in the form that `findMirror` reads. */
export const TARGETS_FORMAT = "$(CREATED_BY)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)";

interface Target extends AptSource {
  component: string;
  /** Empty until `apt-get update` has run once. */
  origin: string;
}

/**
 * Finds the Debian archive in apt's own configuration.
 *
 * @param targets output of `apt-get indextargets --format TARGETS_FORMAT`
 * @param aptConfig output of `apt-config dump`
 * @param suite Debian release that is wanted; the archive may be configured for another one: it holds them all
 * @returns undefined where apt knows no Debian archive (another distribution)
 */
export function findMirror(targets: string, aptConfig: string, suite: string): DebianMirror | undefined {
  const main = parseTargets(targets).filter((target) => target.component === "main" && isDebian(target));
  const archive = main.find((target) => RELEASES.test(target.suite));
  if (!archive) return undefined;
  const security = main.find((target) => target.suite.endsWith("-security"));
  const updates = main.find((target) => target.suite.endsWith("-updates"));
  const sources = [{ uri: archive.uri, suite }];
  if (updates) sources.push({ uri: updates.uri, suite: `${suite}-updates` });
  if (security) sources.push({ uri: security.uri, suite: `${suite}-security` });
  return { ...mirrorAt(archive.uri, suite), sources, ...parseAptConfig(aptConfig) };
}

/** A mirror given by hand: one archive, nothing else. */
export function mirrorAt(uri: string, suite: string): DebianMirror {
  return { uri, sources: [{ uri, suite }], aptConf: [] };
}

/** The image's `/etc/apt/sources.list`. */
export function sourcesList(mirror: DebianMirror): string {
  return mirror.sources.map((source) => `deb ${source.uri} ${source.suite} main\n`).join("");
}

const RELEASES = /^(stretch|buster|bullseye|bookworm|trixie|forky|sid|stable|oldstable|testing|unstable)$/;

/** Other vendors publish for Debian's releases too; Debian's archives say so, or end in `/debian` or the like. */
function isDebian({ uri, origin }: Target): boolean {
  if (!/^(https?|mirror\+https?):/.test(uri)) return false;
  return origin === "Debian" || (origin === "" && /\/debian(-security)?\/?$/.test(uri));
}

function parseTargets(text: string): Target[] {
  return text
    .split("\n")
    .map((line) => line.split("|"))
    .filter(([createdBy]) => createdBy === "Packages")
    .map(([, uri = "", suite = "", component = "", origin = ""]) => ({ uri, suite, component, origin }));
}

/** A frozen mirror needs the date checks off; a closed network needs the proxy. */
function parseAptConfig(text: string): Pick<DebianMirror, "aptConf" | "proxy"> {
  const lines = text
    .split("\n")
    .filter((line) => /^Acquire::(Check-Valid-Until|Check-Date|ForceIPv[46]) /.test(line));
  const proxy = /^Acquire::http::Proxy "(.+)";$/im.exec(text)?.[1];
  return { aptConf: lines, ...(proxy && proxy !== "DIRECT" ? { proxy } : {}) };
}
