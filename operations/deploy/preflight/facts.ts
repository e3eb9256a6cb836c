import type Docker from "dockerode";
import { STACK_LABEL } from "../../../catalog/names";
import { formatIpv4 } from "../../../config/cidr";
import { nameOf } from "../../verify/inspected";

/** What the Docker host has already. `stack` is the label that tells whose an object is. */
export interface HostFacts {
  containers: { name: string; image?: string; stack?: string; ports: { address: string; port: number }[] }[];
  networks: { name: string; stack?: string; subnets: string[] }[];
  /** Names, digests and ids of the images. */
  images: ReadonlySet<string>;
  /** Address ranges that the host routes itself, without those of Docker's networks; empty for a remote Engine. */
  routes: { cidr: string; device: string }[];
  /** Ports that a program outside Docker holds; empty for a remote Engine. */
  busyPorts: BusyPort[];
}

/** A port that cannot be bound on this machine, and the system's reason (`EADDRINUSE`, ...). */
export interface BusyPort {
  address: string;
  port: number;
  code: string;
}

type DockerFacts = Pick<HostFacts, "containers" | "networks" | "images"> & { bridges: Set<string> };

/** Asks the Engine for everything that the checks look at. */
export async function dockerFacts(docker: Docker): Promise<DockerFacts> {
  const [containers, networks, images] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listImages(),
  ]);
  return {
    containers: containers.map(({ Id, Names, Image, Labels, Ports }) => ({
      name: nameOf(Names) || Id,
      image: Image,
      stack: Labels?.[STACK_LABEL],
      ports: Ports.flatMap(({ IP, PublicPort }) =>
        PublicPort ? [{ address: IP ?? "", port: PublicPort }] : [],
      ),
    })),
    networks: networks.map(({ Name, Labels, IPAM }) => ({
      name: Name,
      stack: Labels?.[STACK_LABEL],
      subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : [])),
    })),
    images: new Set(
      images.flatMap(({ Id, RepoTags, RepoDigests }) => [Id, ...(RepoTags ?? []), ...(RepoDigests ?? [])]),
    ),
    bridges: new Set(
      networks.map(
        ({ Id, Options }) => Options?.["com.docker.network.bridge.name"] ?? `br-${Id.slice(0, 12)}`,
      ),
    ),
  };
}

/**
 * The address ranges in Linux's routing table, `/proc/net/route`.
 * @param ignored devices to leave out: Docker's own bridges are listed as networks
 */
export function parseRoutes(table: string, ignored: ReadonlySet<string>): HostFacts["routes"] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [device = "", destination = "", , , , , , mask = ""] = line.trim().split(/\s+/);
      const cidr = routeCidr(destination, mask);
      return cidr && !ignored.has(device) ? [{ cidr, device }] : [];
    });
}

function routeCidr(destination: string, mask: string): string | undefined {
  const prefix = Number.parseInt(mask, 16).toString(2).replaceAll("0", "").length;
  // The default route leads everywhere; it occupies nothing.
  if (destination.length !== 8 || prefix === 0) return undefined;
  // The kernel prints addresses as the hexadecimal number that a little-endian machine holds.
  return `${formatIpv4(Buffer.from(destination, "hex").readUInt32LE())}/${prefix}`;
}
