import {
  MAX_NEXUS_PLAYERS,
  mostNexusConnections,
  mostNexusPlayers,
  type NexusProfile,
  nexusPlayers,
} from "../catalog/nexusBudget";
import { type NetworkRanges, RANGE_PREFIXES } from "../regions/addresses";
import { formatCidr, overlaps, readCidr } from "./cidr";
import { type ConnectionSettings, connectionsRefusal } from "./connections";
import { connectionsSchema } from "./connectionsSchema";
import { repeatedVariables } from "./gameVariables";
import type { Breach } from "./problems";
import { isMap, refusalText, show } from "./refusal";
import { SETTINGS_DEFAULTS, settingsSchema } from "./settingsSchema";
import { webWorkersFor } from "./tuning";

/**
 * Rules between settings. Takes the settings as they are written, so that it also compares those that are right when
 * others are not; wrong ones are left out here.
 */
export function crossCheck(raw: Record<string, unknown>): Breach[] {
  return [
    ...overlappingRanges(mapAt(raw, "networks")),
    ...repeatedPorts(mapAt(raw, "gateway"), mapAt(raw, "publish")),
    ...tooManyPlayers(raw),
    ...otherTransport(raw),
    ...tooManyConnections(raw),
    ...repeatedVariables(mapAt(mapAt(raw, "imageOverrides"), "gameServer")).map(({ path, message }) => ({
      path: ["imageOverrides", "gameServer", ...path],
      message,
    })),
  ];
}

/** Players need processes of the central server and connections of its database, and each of them needs memory. */
function tooManyPlayers({
  profile = SETTINGS_DEFAULTS.profile,
  players,
  connections,
}: Record<string, unknown>): Breach[] {
  if (typeof players !== "number" || !isProfile(profile)) return [];
  const most = mostNexusPlayers(profile, connectionsOf(connections));
  if (players <= most || players > MAX_NEXUS_PLAYERS) return [];
  const message = refusalText(
    String(players),
    `at most ${most}, whose processes and connections fit into the profile ${profile}`,
    "Write fewer players, or choose the larger profile.",
  );
  return [{ path: ["players"], message }];
}

/** What an address has no use for would be believed to protect it. Without an address the environment has it. */
function otherTransport({ dockerHost, ...raw }: Record<string, unknown>): Breach[] {
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

/** What the database's memory holds, and what its users keep. */
function tooManyConnections({
  profile = SETTINGS_DEFAULTS.profile,
  players,
  connections,
}: Record<string, unknown>): Breach[] {
  const given = connectionsOf(connections);
  if (!isProfile(profile)) return [];
  const most = mostNexusConnections(profile);
  if (given.max !== undefined && given.max > most) {
    const allowed = `at most ${most}, which the database of the profile ${profile} holds`;
    const message = refusalText(String(given.max), allowed, "Write fewer, or choose the larger profile.");
    return [{ path: ["connections", "max"], message }];
  }
  const of = typeof players === "number" ? players : nexusPlayers(profile);
  const refused = connectionsRefusal(of, webWorkersFor(of), given);
  return refused ? [{ ...refused, path: ["connections", ...refused.path] }] : [];
}

/** As far as they are right by themselves; the others are told of elsewhere. */
function connectionsOf(raw: unknown): ConnectionSettings {
  return connectionsSchema.safeParse(raw ?? {}).data ?? {};
}

function isProfile(profile: unknown): profile is NexusProfile {
  return profile === "laptop" || profile === "specification";
}

function overlappingRanges(networks: Record<string, unknown>): Breach[] {
  const keys = Object.keys(RANGE_PREFIXES) as (keyof NetworkRanges)[];
  const ranges = keys.flatMap((key) => {
    // One that is wrong by itself is told of elsewhere.
    const given = settingsSchema.shape.networks.safeParse({ [key]: networks[key] });
    const cidr = given.data && readCidr(given.data[key] ?? SETTINGS_DEFAULTS.networks[key]);
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

function repeatedPorts(gateway: Record<string, unknown>, publish: Record<string, unknown>): Breach[] {
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

function mapAt(raw: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = raw[key];
  return isMap(value) ? value : {};
}
