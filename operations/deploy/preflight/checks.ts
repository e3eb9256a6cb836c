import type { DesiredContainer, DesiredNetwork, Port } from "../../../catalog/desired";
import { overlaps, readCidr } from "../../../config/cidr";
import { renderProblem } from "../../../config/problems";
import { isLocalImage } from "../../../images/reference";
import { listed } from "../../words";
import type { HostFacts } from "./facts";

/** One thing on the host that stands in the way: which setting it concerns and what to do. */
export interface HostProblem {
  /** Key in `Pulumi.<stack>.yaml`; absent when no setting helps. */
  setting?: string;
  message: string;
}

/** What a stack takes on its host. */
export interface Claims {
  containers: readonly Pick<DesiredContainer, "name" | "ports">[];
  networks: readonly ClaimedNetwork[];
  images: readonly string[];
  /** For messages. */
  namePrefix: string;
}

type ClaimedNetwork = Pick<DesiredNetwork, "name" | "subnet" | "setting">;

/**
 * Everything on the Docker host that would stop the stack from coming up. Pure.
 * @param stackId identity of the stack: objects that carry it are its own; undefined before the first `up`.
 */
export function checkHost(claims: Claims, facts: HostFacts, stackId?: string): HostProblem[] {
  const isForeign = ({ stack }: { stack?: string }): boolean => stackId === undefined || stack !== stackId;
  const foreign: HostFacts = {
    ...facts,
    containers: facts.containers.filter(isForeign),
    networks: facts.networks.filter(isForeign),
  };
  return [
    ...takenNames(claims, foreign),
    ...takenRanges(claims, foreign),
    ...claims.containers.flatMap(({ ports }) => ports.flatMap((port) => takenPort(port, foreign))),
    ...missingImages(claims, facts),
  ];
}

function takenNames(claims: Claims, { containers, networks }: HostFacts): HostProblem[] {
  const names = new Set(claims.containers.map(({ name }) => name));
  const taken = containers.filter(({ name }) => names.has(name));
  const networkNames = new Set(claims.networks.map(({ name }) => name));
  const takenNetworks = networks.filter(({ name }) => networkNames.has(name));
  return [
    ...nameProblem("container", "docker rm -f", taken, claims.namePrefix),
    ...nameProblem("network", "docker network rm", takenNetworks, claims.namePrefix),
  ];
}

function nameProblem(
  kind: string,
  remove: string,
  taken: { name: string; stack?: string }[],
  prefix: string,
): HostProblem[] {
  if (taken.length === 0) return [];
  const names = taken.map(({ name }) => name);
  const others = [...new Set(taken.flatMap(({ stack }) => stack ?? []))];
  const whose =
    others.length > 0
      ? `made by another stack or another checkout (${others.join(", ")}), or by this one before its state was lost`
      : "not made by this program";
  return [
    {
      setting: "nexus:namePrefix",
      message:
        `the ${kind} name${names.length > 1 ? "s" : ""} ${listed(names)} ${names.length > 1 ? "are" : "is"} taken, ` +
        `${whose}. Give this stack a prefix of its own (now "${prefix}"), or remove them if nobody needs them: ` +
        `${remove} ${names.join(" ")}`,
    },
  ];
}

interface RangeClash {
  ours: ClaimedNetwork;
  /** What it clashes with, and how to remove that where it is possible. */
  other: string;
  remedy: string;
}

/** All of our networks that clash with the same range are one problem: a stack may have a hundred regions. */
function takenRanges(claims: Claims, facts: HostFacts): HostProblem[] {
  const clashes = claims.networks.flatMap((network) => rangeClash(network, facts) ?? []);
  const alike = Map.groupBy(clashes, ({ ours, other }) => `${ours.setting} ${other}`);
  return [...alike.values()].flatMap((own) =>
    own.slice(0, 1).map(({ ours: { setting }, other, remedy }) => {
      const names = own.map(({ ours: { name, subnet } }) => `${subnet} (network ${name})`);
      const advice = `Choose another private range for ${setting}${remedy}.`;
      return { setting, message: `${listed(names, 3)} overlaps ${other}. ${advice}` };
    }),
  );
}

function rangeClash(ours: ClaimedNetwork, { networks, routes }: HostFacts): RangeClash | undefined {
  const clashes = (other: string): boolean => overlapping(ours.subnet, other);
  const network = networks.find(({ name, subnets }) => name !== ours.name && subnets.some(clashes));
  if (network) {
    const other = `${network.subnets.find(clashes)} of Docker's network "${network.name}"`;
    return { ours, other, remedy: `, or remove that network: docker network rm ${network.name}` };
  }
  const route = routes.find(({ cidr }) => clashes(cidr));
  return (
    route && { ours, other: `${route.cidr}, which this host reaches through ${route.device}`, remedy: "" }
  );
}

function overlapping(a: string, b: string): boolean {
  const [left, right] = [readCidr(a), readCidr(b)];
  return left !== undefined && right !== undefined && overlaps(left, right);
}

function takenPort(
  { ip: address, external: port, setting }: Port,
  { containers, busyPorts }: HostFacts,
): HostProblem[] {
  const holder = containers.find(({ ports }) =>
    ports.some((other) => other.port === port && sameInterface(other.address, address)),
  );
  if (holder) {
    return [
      {
        setting,
        message: `port ${port} on ${address} is published by container "${holder.name}". Choose another port for ${setting}, or stop that container.`,
      },
    ];
  }
  const busy = busyPorts.find((other) => other.port === port && other.address === address);
  if (!busy) return [];
  if (busy.code === "EADDRNOTAVAIL") {
    return [
      {
        setting: "nexus:gateway.address",
        message: `${address} is not an address of this machine. Use 127.0.0.1, 0.0.0.0 or one of its own.`,
      },
    ];
  }
  return [
    {
      setting,
      message: `port ${port} on ${address} is in use by another program (${busy.code}; \`ss -ltnp sport = :${port}\` names it). Choose another port for ${setting}, or stop that program.`,
    },
  ];
}

const EVERY_ADDRESS = new Set(["0.0.0.0", "::", ""]);

function sameInterface(a: string, b: string): boolean {
  return a === b || EVERY_ADDRESS.has(a) || EVERY_ADDRESS.has(b);
}

/** Those of registries were fetched before, or are fetched by the `up` that this preview is for. */
function missingImages({ images }: Claims, facts: HostFacts): HostProblem[] {
  const missing = images.filter((image) => isLocalImage(image) && !facts.images.has(image));
  if (missing.length === 0) return [];
  return [
    {
      setting: "nexus:images",
      message:
        `the Docker host has no image ${listed(missing)}. Make the local images with: npm run images:build ` +
        "(npm start does it by itself)",
    },
  ];
}

/** The report for a person: one problem a line. */
export function renderHostProblems(problems: HostProblem[], settingsFile: string): string {
  return problems
    .map(({ setting = "", message }) => renderProblem({ file: settingsFile, path: setting, message }))
    .join("\n");
}
