import { REGION_SERVICES } from "../catalog/region";
import { REGION_ROLES } from "../catalog/services";
import { type Cidr, formatCidr, formatIpv4, readCidr, sizeOf } from "../config/cidr";
import type { RegionAddresses, SharedAddresses } from "./model";

/**
 * The three ranges that the platform's networks come from, as private IPv4 networks that do not overlap.
 * They are settings; `settings.ts` checks them.
 */
export interface NetworkRanges {
  /** A /8 to a /24. */
  nexus: string;
  /** A /8 to a /22: its lower half holds one fixed address a slot. */
  regional: string;
  /** A /16: each region takes the /24 of its slot. */
  regions: string;
}

/** Smallest and largest slot: the third number of a region's subnet. 0 is left free for the platform. */
export const SLOTS = { min: 1, max: 255 };

/** Shortest and longest prefix of each range. */
export const RANGE_PREFIXES: Record<keyof NetworkRanges, { min: number; max: number }> = {
  nexus: { min: 8, max: 24 },
  regional: { min: 8, max: 22 },
  regions: { min: 16, max: 16 },
};

/** Offset of slot 0 in the regional network. With a /16 the address reads `<base>.1.<slot>`. */
const REGIONAL_SLOTS_OFFSET = 256;

/** Addresses of the networks that all regions share. Never depends on which regions there are. */
export function sharedAddresses(ranges: NetworkRanges): SharedAddresses {
  const nexus = network(ranges.nexus);
  const regional = network(ranges.regional);
  // Docker hands out addresses from the upper half, so that it can never take a slot's address.
  const upperHalf = { base: regional.base + sizeOf(regional) / 2, prefix: regional.prefix + 1 };
  return {
    nexus: { subnet: formatCidr(nexus), gateway: formatIpv4(nexus.base + 1) },
    regional: {
      subnet: formatCidr(regional),
      gateway: formatIpv4(regional.base + 1),
      ipRange: formatCidr(upperHalf),
    },
  };
}

/** Addresses of the region in a slot. */
export function regionAddresses(slot: number, ranges: NetworkRanges): RegionAddresses {
  if (!Number.isInteger(slot) || slot < SLOTS.min || slot > SLOTS.max)
    throw new RangeError(`${slot} is not a slot`);
  const subnet: Cidr = { base: network(ranges.regions).base + slot * 256, prefix: 24 };
  const host = (number: number): string => formatIpv4(subnet.base + number);
  return {
    subnet: formatCidr(subnet),
    gateway: host(1),
    hosts: Object.fromEntries(
      REGION_ROLES.map((role) => [role, host(REGION_SERVICES[role].address)]),
    ) as RegionAddresses["hosts"],
    regional: formatIpv4(network(ranges.regional).base + REGIONAL_SLOTS_OFFSET + slot),
  };
}

function network(range: string): Cidr {
  const cidr = readCidr(range);
  if (!cidr) throw new RangeError(`${range} is not an IPv4 network`);
  return cidr;
}
