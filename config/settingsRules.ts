import { type NetworkRanges, RANGE_PREFIXES } from "../regions/addresses";
import { type Cidr, formatCidr, overlaps, parseCidr } from "./cidr";
import { MAX_NEXUS_PLAYERS, mostNexusPlayers } from "./nexusBudget";
import { Refusal, refusalText, show } from "./refusal";
import { SETTINGS_DEFAULTS } from "./settingsSchema";
import type { DataPath } from "./yamlSource";

/** A problem that lies between settings, each of which is right by itself. */
export interface RuleBreach {
  path: DataPath;
  message: string;
}

/**
 * Rules between settings. Takes the settings as they are written, so that it also compares those that are right when
 * others are not; wrong ones are left out here.
 */
export function crossCheck(raw: Record<string, unknown>): RuleBreach[] {
  return [
    ...overlappingRanges(mapAt(raw, "networks")),
    ...repeatedPorts(mapAt(raw, "gateway"), mapAt(raw, "publish")),
    ...tooManyPlayers(raw),
    ...otherTransport(raw),
  ];
}

/** Each of the central server's processes needs memory, and players need processes. */
function tooManyPlayers({
  profile = SETTINGS_DEFAULTS.profile,
  players,
}: Record<string, unknown>): RuleBreach[] {
  if (typeof players !== "number" || (profile !== "laptop" && profile !== "specification")) return [];
  const most = mostNexusPlayers(profile);
  if (players <= most || players > MAX_NEXUS_PLAYERS) return [];
  const message = refusalText(
    String(players),
    `at most ${most}, whose processes fit into the Nexus server of the profile ${profile}`,
    "Write fewer players, or choose the larger profile.",
  );
  return [{ path: ["players"], message }];
}

/** What an address has no use for would be believed to protect it. Without an address the environment has it. */
function otherTransport({ dockerHost, ...raw }: Record<string, unknown>): RuleBreach[] {
  if (typeof dockerHost !== "string") return [];
  return [
    { key: "dockerCerts", scheme: "tcp://", what: "certificates" },
    { key: "dockerSsh", scheme: "ssh://", what: "options of ssh" },
  ]
    .filter(({ key, scheme }) => raw[key] !== undefined && !dockerHost.startsWith(scheme))
    .map(({ key, scheme, what }) => ({
      path: [key],
      message: refusalText(
        `${what} with nexus:dockerHost ${show(dockerHost)}`,
        `an address that begins with ${scheme}`,
        "Change the address, or leave this out.",
      ),
    }));
}

function overlappingRanges(networks: Record<string, unknown>): RuleBreach[] {
  const keys = Object.keys(RANGE_PREFIXES) as (keyof NetworkRanges)[];
  const ranges = keys.flatMap((key) => {
    const cidr = tryCidr(networks[key] ?? SETTINGS_DEFAULTS.networks[key], key);
    return cidr ? [{ key, cidr }] : [];
  });
  return ranges.flatMap((range, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => overlaps(earlier.cidr, range.cidr))
      .map((earlier) => {
        const [mine, other] = networks[range.key] === undefined ? [earlier, range] : [range, earlier];
        const origin = networks[other.key] === undefined ? " (the default)" : "";
        const message = refusalText(
          `${formatCidr(mine.cidr)}, which overlaps ${formatCidr(other.cidr)} of networks.${other.key}${origin},`,
          "three ranges that have no address in common",
          "Move one of them.",
        );
        return { path: ["networks", mine.key], message };
      }),
  );
}

function repeatedPorts(gateway: Record<string, unknown>, publish: Record<string, unknown>): RuleBreach[] {
  const ports: { path: string[]; port: unknown }[] = [
    { path: ["gateway", "httpPort"], port: gateway.httpPort ?? SETTINGS_DEFAULTS.gateway.httpPort },
    ...Object.entries(publish).map(([key, port]) => ({ path: ["publish", key], port })),
  ];
  return ports.flatMap(({ path, port }, index) => {
    const earlier = ports.slice(0, index).find((candidate) => candidate.port === port);
    if (!earlier || typeof port !== "number") return [];
    const given = `${port}, which ${earlier.path.join(".")} has as well,`;
    return [{ path, message: refusalText(given, "a port of its own for each", "Choose another port.") }];
  });
}

function tryCidr(value: unknown, key: keyof NetworkRanges): Cidr | undefined {
  try {
    return parseCidr(value, RANGE_PREFIXES[key]);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function mapAt(raw: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = raw[key];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
