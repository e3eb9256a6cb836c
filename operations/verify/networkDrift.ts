import type { Desired, DesiredNetwork } from "../../catalog/desired";
import { type Drift, UNKNOWN_REGION } from "./drift";
import type { Observed, ObservedNetwork } from "./observed";
import type { Remedies } from "./remedies";

/** Drift of the networks themselves, and containers on them that no file puts there. */
export function networkDrift(desired: Desired, observed: Observed, remedies: Remedies): Drift[] {
  const declared = new Map(desired.networks.map((network) => [network.name, network]));
  const found = new Map(observed.networks.map((network) => [network.name, network]));
  return [
    ...desired.networks.flatMap((network) => different(network, found.get(network.name), remedies)),
    ...observed.networks
      .filter(({ name }) => !declared.has(name))
      .map(({ name }) => drift(UNKNOWN_REGION, name, "none", "there", remedies.up())),
    ...foreignMembers(desired, observed, declared),
  ];
}

function different(network: DesiredNetwork, is: ObservedNetwork | undefined, remedies: Remedies): Drift[] {
  const { region, name } = network;
  if (!is) return [drift(region, name, network.subnet, "missing", remedies.up())];
  const remedy = remedies.other(
    `take every container off it (docker rm -f), docker network rm ${name}, then {up}`,
  );
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
