import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cidr, contains, formatCidr, overlaps, parseIpv4, readCidr, sizeOf } from "../../../config/cidr";
import { SETTINGS_DEFAULTS } from "../../../config/settingsSchema";
import {
  type NetworkRanges,
  RANGE_PREFIXES,
  regionAddresses,
  SLOTS,
  sharedAddresses,
} from "../../../regions/addresses";

const DEFAULTS = SETTINGS_DEFAULTS.networks;

/** A network of a legal size, anywhere. Whether it is private does not matter to the arithmetic. */
function network(key: keyof NetworkRanges): fc.Arbitrary<string> {
  const prefix = fc.integer(RANGE_PREFIXES[key]);
  return prefix.chain((length) =>
    fc
      .integer({ min: 0, max: 2 ** length - 1 })
      .map((index) => `${formatCidr({ base: index * 2 ** (32 - length), prefix: length })}`),
  );
}

const ranges = fc
  .record({ nexus: network("nexus"), regional: network("regional"), regions: network("regions") })
  .filter(({ nexus, regional, regions }) => {
    const [a, b, c] = [cidr(nexus), cidr(regional), cidr(regions)];
    return !overlaps(a, b) && !overlaps(a, c) && !overlaps(b, c);
  });
const slot = fc.integer(SLOTS);

function cidr(text: string): Cidr {
  const result = readCidr(text);
  if (!result) throw new Error(`${text} is not a network`);
  return result;
}

function address(text: string): number {
  const result = parseIpv4(text);
  if (result === undefined) throw new Error(`${text} is not an address`);
  return result;
}

/** Every address of a region, by what it is for. */
function allAddresses(slotNumber: number, of: NetworkRanges): string[] {
  const { gateway, hosts, regional } = regionAddresses(slotNumber, of);
  return [gateway, ...Object.values(hosts), regional];
}

describe("with the default ranges", () => {
  it("gives the specification's networks", () => {
    expect(sharedAddresses(DEFAULTS)).toEqual({
      nexus: { subnet: "172.20.0.0/16", gateway: "172.20.0.1" },
      regional: { subnet: "172.21.0.0/16", gateway: "172.21.0.1", ipRange: "172.21.128.0/17" },
    });
  });

  // Exact, because an existing region's addresses must never change.
  it.each([1, 7, 255])("gives slot %i its addresses for ever", (number) => {
    expect(regionAddresses(number, DEFAULTS)).toEqual({
      subnet: `172.22.${number}.0/24`,
      gateway: `172.22.${number}.1`,
      hosts: {
        server: `172.22.${number}.10`,
        db: `172.22.${number}.11`,
        cache: `172.22.${number}.12`,
        worker: `172.22.${number}.13`,
        storage: `172.22.${number}.14`,
      },
      regional: `172.21.1.${number}`,
    });
  });

  it.each([0, 256, -1, 1.5, Number.NaN])("has no slot %d", (number) => {
    expect(() => regionAddresses(number, DEFAULTS)).toThrow(RangeError);
  });
});

describe("for any legal ranges", () => {
  it("no two regions share an address or a subnet", () => {
    fc.assert(
      fc.property(ranges, (of) => {
        const slots = Array.from({ length: SLOTS.max }, (_, index) => index + 1);
        const addresses = slots.flatMap((number) => allAddresses(number, of));
        expect(new Set(addresses).size).toBe(addresses.length);
        expect(new Set(slots.map((number) => regionAddresses(number, of).subnet)).size).toBe(slots.length);
      }),
      { numRuns: 20 },
    );
  });

  it("a region's own network holds its containers, and lies in the range for regions only", () => {
    fc.assert(
      fc.property(slot, ranges, (number, of) => {
        const { subnet, gateway, hosts } = regionAddresses(number, of);
        const own = cidr(subnet);
        expect(own.prefix).toBe(24);
        expect(contains(cidr(of.regions), own.base)).toBe(true);
        expect(overlaps(own, cidr(of.nexus)) || overlaps(own, cidr(of.regional))).toBe(false);
        for (const host of [gateway, ...Object.values(hosts)]) expect(isHostOf(own, host)).toBe(true);
      }),
    );
  });

  it("a region's regional address can be given to nobody else", () => {
    fc.assert(
      fc.property(slot, ranges, (number, of) => {
        const { regional } = sharedAddresses(of);
        const mine = regionAddresses(number, of).regional;
        expect(isHostOf(cidr(of.regional), mine)).toBe(true);
        expect(mine).not.toBe(regional.gateway);
        expect(contains(cidr(regional.ipRange), address(mine))).toBe(false);
      }),
    );
  });

  it("Docker's own part of the regional network is inside it and has room", () => {
    fc.assert(
      fc.property(ranges, (of) => {
        const { regional, nexus } = sharedAddresses(of);
        const dynamic = cidr(regional.ipRange);
        expect(contains(cidr(of.regional), dynamic.base)).toBe(true);
        expect(contains(cidr(of.regional), dynamic.base + sizeOf(dynamic) - 1)).toBe(true);
        expect(sizeOf(dynamic)).toBeGreaterThanOrEqual(512);
        expect(isHostOf(cidr(of.regional), regional.gateway)).toBe(true);
        expect(isHostOf(cidr(of.nexus), nexus.gateway)).toBe(true);
      }),
    );
  });

  it("addresses depend on the slot and the ranges only", () => {
    fc.assert(
      fc.property(slot, slot, ranges, (number, other, of) => {
        const before = regionAddresses(number, of);
        regionAddresses(other, of);
        expect(regionAddresses(number, { ...of })).toEqual(before);
      }),
    );
  });
});

function isHostOf(network: Cidr, host: string): boolean {
  const number = address(host);
  return (
    contains(network, number) && number !== network.base && number !== network.base + sizeOf(network) - 1
  );
}
