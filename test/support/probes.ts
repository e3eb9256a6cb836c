import type Docker from "dockerode";
import type { NETWORK_ARGUMENTS, VOLUME_ARGUMENTS } from "../../components/arguments";

export type Args = Record<string, unknown>;

/** One argument of one object, given first one way and then another. */
export interface Probe<Info> {
  /** Which part of the argument changes, where one probe is not all. */
  part?: string;
  before: unknown;
  after: unknown;
  /** Arguments that this one needs beside it, or instead of the usual ones. */
  with?: Args;
  /** What the Engine shows of it, and what it must be once the change has really happened. Absent: it shows nothing. */
  look?: (info: Info) => unknown;
  wanted?: unknown;
}

/** One or more probes of every argument of a table, and of no other. */
export type Probes<Table, Info> = { [Name in keyof Table]: Probe<Info> | Probe<Info>[] };

export interface ProbeWorld {
  /** How every name begins. */
  prefix: string;
  image: string;
  otherImage: string;
  /** Two folders that exist. */
  folders: [string, string];
  /** Names of a network and a volume that stay as they are. */
  network: string;
  volume: string;
  /** Free loopback ports. */
  ports: [number, number, number];
  /** The first two numbers of a free /16; its /24 number 1 is the network's. */
  range: string;
}

/** A replacement with it removes the old object and cannot make the new one. */
export const NO_SUCH_DRIVER = "nexus-no-such-driver";

/** A change of each argument that the components give a network. */
export function networkProbes({
  prefix,
  range,
}: ProbeWorld): Probes<typeof NETWORK_ARGUMENTS, Docker.NetworkInspectInfo> {
  const ipam = (third: number): Args => ({
    subnet: `${range}.${third}.0/24`,
    gateway: `${range}.${third}.1`,
  });
  return {
    driver: { before: "bridge", after: NO_SUCH_DRIVER },
    internal: { before: false, after: true, look: ({ Internal }) => Internal, wanted: true },
    ipamConfigs: [
      {
        part: "subnet",
        before: [ipam(240)],
        after: [ipam(241)],
        look: ({ IPAM }) => IPAM?.Config?.[0]?.Subnet,
        wanted: `${range}.241.0/24`,
      },
      {
        part: "ipRange",
        before: [ipam(242)],
        after: [{ ...ipam(242), ipRange: `${range}.242.128/25` }],
        look: ({ IPAM }) => IPAM?.Config?.[0]?.IPRange,
        wanted: `${range}.242.128/25`,
      },
    ],
    labels: {
      before: [{ label: "a", value: "1" }],
      after: [{ label: "a", value: "2" }],
      look: ({ Labels }) => Labels?.a,
      wanted: "2",
    },
    name: {
      before: `${prefix}net-a`,
      after: `${prefix}net-b`,
      look: ({ Name }) => Name,
      wanted: `${prefix}net-b`,
    },
  };
}

/** A change of each argument that the components give a volume. */
export function volumeProbes({
  prefix,
}: ProbeWorld): Probes<typeof VOLUME_ARGUMENTS, Docker.VolumeInspectInfo> {
  return {
    driver: { before: "local", after: NO_SUCH_DRIVER },
    name: {
      before: `${prefix}vol-a`,
      after: `${prefix}vol-b`,
      look: ({ Name }) => Name,
      wanted: `${prefix}vol-b`,
    },
  };
}
