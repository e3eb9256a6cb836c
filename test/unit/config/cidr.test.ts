import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  contains,
  formatCidr,
  formatIpv4,
  overlaps,
  parseCidr,
  parseIpv4,
  readCidr,
  sizeOf,
} from "../../../config/cidr";

const PREFIXES = { min: 8, max: 24 };
const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const cidr = fc
  .integer({ min: 0, max: 32 })
  .chain((prefix) =>
    fc
      .integer({ min: 0, max: 2 ** prefix - 1 })
      .map((index) => ({ base: index * 2 ** (32 - prefix), prefix })),
  );

describe("addresses and networks", () => {
  it("are read back as they were written", () => {
    fc.assert(fc.property(address, (number) => parseIpv4(formatIpv4(number)) === number));
    fc.assert(
      fc.property(cidr, (network) => {
        expect(readCidr(formatCidr(network))).toEqual(network);
      }),
    );
  });

  it("overlap exactly when they have an address in common", () => {
    const small = fc
      .record({ base: fc.integer({ min: 0, max: 31 }), prefix: fc.integer({ min: 28, max: 32 }) })
      .map(({ base, prefix }) => ({ base: base - (base % 2 ** (32 - prefix)), prefix }));
    fc.assert(
      fc.property(small, small, (a, b) => {
        const common = Array.from({ length: 64 }, (_, n) => n).some((n) => contains(a, n) && contains(b, n));
        expect(overlaps(a, b)).toBe(common);
        expect(overlaps(b, a)).toBe(common);
      }),
    );
  });

  it("have a size", () => {
    expect([0, 16, 24, 32].map((prefix) => sizeOf({ base: 0, prefix }))).toEqual([2 ** 32, 65_536, 256, 1]);
  });

  it.each(["1.2.3", "1.2.3.4.5", "256.0.0.0", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "::1", "", "1.2.3.4\n"])(
    "%j is no address",
    (text) => {
      expect(parseIpv4(text)).toBeUndefined();
    },
  );
});

describe("parseCidr", () => {
  it.each([
    [
      "172.20.0.1/16",
      '"172.20.0.1/16" was given; allowed is the network\'s first address. Did you mean 172.20.0.0/16?',
    ],
    ["172.20.0.0/25", '"172.20.0.0/25" was given; allowed is a /8 to a /24. Choose a network of that size.'],
    ["10.0.0.0/7", '"10.0.0.0/7" was given; allowed is a /8 to a /24. Choose a network of that size.'],
    [
      "8.8.0.0/16",
      '"8.8.0.0/16" was given; allowed is a network inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 198.18.0.0/15. Choose a private network, so that no real host is hidden.',
    ],
    // Begins inside a private range and ends outside of it.
    ["192.168.0.0/15", '"192.168.0.0/15" was given; allowed is a network inside 10.0.0.0/8'],
    [
      "172.20.0.0",
      '"172.20.0.0" was given; allowed is an IPv4 network such as 172.22.0.0/16. Write four numbers from 0 to 255 and a prefix length.',
    ],
    ["172.20.0.0/33", "allowed is an IPv4 network"],
    ["172.20.0.0/016", "allowed is an IPv4 network"],
    ["fd00::/16", "allowed is an IPv4 network"],
    [16, "16 was given; allowed is an IPv4 network"],
    [null, "nothing (an empty value) was given; allowed is an IPv4 network"],
  ])("refuses %j", (value, message) => {
    expect(() => parseCidr(value, PREFIXES)).toThrow(message);
  });

  it("accepts private networks", () => {
    expect(parseCidr("10.0.0.0/8", PREFIXES)).toEqual({ base: 10 * 2 ** 24, prefix: 8 });
    expect(formatCidr(parseCidr("192.168.255.0/24", PREFIXES))).toBe("192.168.255.0/24");
  });
});
