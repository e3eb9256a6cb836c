import type { Desired, DesiredNetwork } from "../../catalog/desired";
import { type Drift, UNKNOWN_REGION, UP } from "./drift";
import type { Observed, ObservedNetwork } from "./observed";

/** Drift of the networks themselves, and containers on them that no file puts there. */
export function networkDrift(desired: Desired, observed: Observed): Drift[] {
  const declared = new Map(desired.networks.map((network) => [network.name, network]));
  const found = new Map(observed.networks.map((network) => [network.name, network]));
  return [
    ...desired.networks.flatMap((network) => different(network, found.get(network.name))),
    ...observed.networks
      .filter(({ name }) => !declared.has(name))
      .map(({ name }) => drift(UNKNOWN_REGION, name, "none", "there", UP)),
    ...foreignMembers(desired, observed, declared),
  ];
}

function different(network: DesiredNetwork, is: ObservedNetwork | undefined): Drift[] {
  const { region, name } = network;
  if (!is) return [drift(region, name, network.subnet, "missing", UP)];
  const remedy = `take every container off it (docker rm -f), docker network rm ${name}, then ${UP}`;
  const route = (internal: boolean): string => (internal ? "none" : "open");
  const values: [string, string, string][] = [
    ["range", network.subnet, is.subnet ?? "none"],
    ["gateway", network.gateway, is.gateway ?? "none"],
    ["way out", route(network.internal), route(is.internal)],
  ];
  return values
    .filter(([, declared, enforced]) => declared !== enforced)
    .map(([what, declared, enforced]) => ({
      ...drift(region, name, declared, enforced, remedy),
      what: `${what} of network ${name}`,
    }));
}

/** Containers of others; our own ones are looked at one by one. */
function foreignMembers(
  desired: Desired,
  { members, containers }: Observed,
  networks: ReadonlyMap<string, DesiredNetwork>,
): Drift[] {
  const own = new Set([...desired.containers, ...containers].map(({ name }) => name));
  return members.flatMap(({ network, container, address }) => {
    const declared = networks.get(network);
    if (!declared || own.has(container)) return [];
    const remedy = `docker network disconnect ${network} ${container}`;
    return [{ ...drift(declared.region, network, "not on it", address ?? "on it", remedy), container }];
  });
}

function drift(region: string, network: string, declared: string, enforced: string, remedy: string): Drift {
  return { region, container: "", what: `network ${network}`, declared, enforced, remedy };
}
