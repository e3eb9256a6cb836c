import { isIPv4 } from "node:net";
import { refuse, show } from "./refusal";

/** An IPv4 network as numbers, so that addresses can be computed. */
export interface Cidr {
  /** The network's first address. */
  base: number;
  /** Length of the network part, 0 to 32. */
  prefix: number;
}

/** Ranges that no host on the Internet has: a Docker network in any other one would cut the host off from it. */
export const PRIVATE_RANGES = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "198.18.0.0/15",
];

/** The number of an address such as `172.22.0.1`, or undefined when it is none (leading zeros are not allowed). */
export function parseIpv4(text: string): number | undefined {
  return isIPv4(text) ? text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIpv4(cidr.base)}/${cidr.prefix}`;
}

/** How many addresses the network has, its own and the broadcast address included. */
export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefix);
}

export function contains(cidr: Cidr, address: number): boolean {
  return address >= cidr.base && address < cidr.base + sizeOf(cidr);
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b.base) || contains(b, a.base);
}

/** A network in the form `172.22.0.0/16` whose host bits are zero, or undefined. */
export function readCidr(text: string): Cidr | undefined {
  const written = parse(text);
  return written && written.address === written.cidr.base ? written.cidr : undefined;
}

/** An address with a prefix, and the network that it is in; undefined where the text is none. */
function parse(text: string): { address: number; cidr: Cidr } | undefined {
  const [, start = "", length] = /^([\d.]+)\/(0|[1-9]\d?)$/.exec(text) ?? [];
  const address = parseIpv4(start);
  const prefix = Number(length);
  if (address === undefined || prefix > 32) return undefined;
  return { address, cidr: { base: address - (address % 2 ** (32 - prefix)), prefix } };
}

/**
 * A private network with a prefix in a range.
 * @param prefixes shortest and longest allowed prefix; the shorter, the larger the network
 * @throws Refusal
 */
export function parseCidr(value: unknown, prefixes: { min: number; max: number }): Cidr {
  const written = parse(typeof value === "string" ? value : "");
  if (!written) {
    const form = "an IPv4 network such as 172.22.0.0/16";
    return refuse(show(value), form, "Write four numbers from 0 to 255 and a prefix length.");
  }
  const { address, cidr } = written;
  const { prefix } = cidr;
  if (prefix < prefixes.min || prefix > prefixes.max) {
    const { min, max } = prefixes;
    refuse(
      show(value),
      min === max ? `a /${min}` : `a /${min} to a /${max}`,
      "Choose a network of that size.",
    );
  }
  if (cidr.base !== address)
    refuse(show(value), "the network's first address", `Did you mean ${formatCidr(cidr)}?`);

  if (!PRIVATE_RANGES.some((range) => isInside(cidr, range))) {
    refuse(
      show(value),
      `a network inside ${PRIVATE_RANGES.join(", ")}`,
      "Choose a private network, so that no real host is hidden.",
    );
  }
  return cidr;
}

/** @param range as text; one that is no network has nothing inside */
export function isInside(cidr: Cidr, range: string): boolean {
  const outer = readCidr(range);
  return outer !== undefined && cidr.prefix >= outer.prefix && contains(outer, cidr.base);
}
