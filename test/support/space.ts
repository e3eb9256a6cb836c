import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type Docker from "dockerode";
import { overlaps, readCidr } from "../../config/cidr";
import { parseRoutes } from "../../operations/deploy/preflight/facts";
import type { NetworkRanges } from "../../regions/addresses";

/** Files run two at a time; each of the two takes from a half of its own what nothing else has yet. */
const HALF = Number(process.env.VITEST_POOL_ID ?? 0) % 2;

/** Second numbers of the 10.x.0.0/16 networks that tests use, and the ports. Away from what people usually take. */
const OCTETS = half(130, 249);
const PORTS = half(21_000, 30_999);

function half(min: number, max: number): { min: number; max: number } {
  const middle = (min + max + 1) / 2;
  return HALF === 0 ? { min, max: middle - 1 } : { min: middle, max };
}

/** Three ranges in which neither Docker nor the host has anything. */
export async function freeRanges(docker: Docker): Promise<NetworkRanges> {
  const networks = await docker.listNetworks();
  const taken = [
    ...networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : []))),
    ...routes().map(({ cidr }) => cidr),
  ];
  const isFree = (octet: number): boolean => !taken.some((other) => clash(`10.${octet}.0.0/16`, other));
  for (const octet of shuffled(OCTETS.min, OCTETS.max - 1)) {
    if (isFree(octet) && isFree(octet + 1)) {
      return {
        regions: `10.${octet}.0.0/16`,
        nexus: `10.${octet + 1}.0.0/24`,
        regional: `10.${octet + 1}.4.0/22`,
      };
    }
  }
  throw new Error(
    `No two neighbouring networks of 10.${OCTETS.min}.0.0/16 to 10.${OCTETS.max}.0.0/16 are free.`,
  );
}

/** The host's own routes, those of Docker's networks included. */
export function routes(): { cidr: string; device: string }[] {
  return parseRoutes(readFileSync("/proc/net/route", "utf8"), new Set());
}

function clash(a: string, b: string): boolean {
  const [left, right] = [readCidr(a), readCidr(b)];
  return left !== undefined && right !== undefined && overlaps(left, right);
}

/** Loopback ports that nothing uses. Below the range from which the system takes ports for outgoing connections. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (const port of shuffled(PORTS.min, PORTS.max)) {
    if (ports.length === count) return ports;
    if (await canListen(port)) ports.push(port);
  }
  throw new Error(`There are not ${count} free ports from ${PORTS.min} to ${PORTS.max}.`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Random, so that two runs on one machine seldom want the same. */
function shuffled(min: number, max: number): number[] {
  const numbers = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  return numbers
    .map((number) => ({ number, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ number }) => number);
}
