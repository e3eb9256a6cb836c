import {
  type Desired,
  type DesiredContainer,
  type Hardening,
  hardeningOf,
  type Port,
} from "../../catalog/desired";
import { HARDENING } from "../../catalog/names";
import { type Drift, recreate, UP } from "./drift";
import { limitDifferences } from "./limits";
import type { Observed, ObservedContainer, ObservedHardening, ObservedMount } from "./observed";

/** What differs, without where. */
type Difference = Omit<Drift, "region" | "container">;

/** Drift of the containers that the files declare. */
export function containerDrift(desired: Desired, observed: Observed): Drift[] {
  const found = new Map(observed.containers.map((container) => [container.name, container]));
  return desired.containers.flatMap((container) => {
    const { region, name } = container;
    const is = found.get(name);
    if (!is) return container.isOptional ? [] : [missing(region, name)];
    return differences(container, is, observed).map((one) => ({ region, container: name, ...one }));
  });
}

function missing(region: string, container: string): Drift {
  return {
    region,
    container,
    what: "container",
    declared: "running",
    enforced: "missing",
    remedy: UP,
  };
}

function differences(declared: DesiredContainer, is: ObservedContainer, { stackId }: Observed): Difference[] {
  if (is.stack !== stackId) {
    // Nothing else of it can be right.
    return [
      {
        what: "stack",
        declared: "this stack",
        enforced: is.stack === undefined ? "made by something else" : `stack ${is.stack}`,
        remedy: recreate(is.name),
      },
    ];
  }
  return [
    ...stateDifferences(is),
    ...limitDifferences(declared, is).map((one) => ({ ...one, remedy: UP })),
    ...networkDifferences(declared, is),
    ...fixedDifferences(declared, is).map((one) => ({ ...one, remedy: recreate(is.name) })),
  ];
}

function stateDifferences({ name, state, health }: ObservedContainer): Difference[] {
  const enforced = state === "running" && health === "unhealthy" ? "unhealthy" : state;
  if (enforced === "running") return [];
  const remedy: Record<string, string> = {
    paused: `docker unpause ${name}`,
    restarting: `docker logs ${name} says why it ends`,
    unhealthy: `docker inspect -f '{{json .State.Health}}' ${name} says which check fails`,
  };
  const declared = enforced === "unhealthy" ? "healthy" : "running";
  return [{ what: "state", declared, enforced, remedy: remedy[enforced] ?? UP }];
}

function networkDifferences(declared: DesiredContainer, is: ObservedContainer): Difference[] {
  const wanted = new Set(declared.networks.map(({ network }) => network));
  const extra = is.networks
    .filter(({ network }) => !wanted.has(network))
    .map(({ network, address }) => ({
      what: `network ${network}`,
      declared: "not on it",
      enforced: address ?? "on it",
      remedy: `docker network disconnect ${network} ${is.name}`,
    }));
  const wrong = declared.networks.flatMap(({ network, address, aliases }) => {
    const endpoint = is.networks.find((one) => one.network === network);
    const what = `network ${network}`;
    const remedy = recreate(is.name);
    if (!endpoint) return [{ what, declared: address ?? "on it", enforced: "not on it", remedy }];
    const unnamed = aliases.filter((alias) => !endpoint.aliases.includes(alias));
    const given = endpoint.address ?? endpoint.fixed;
    return [
      ...(address !== undefined && (endpoint.fixed !== address || given !== address)
        ? [{ what, declared: address, enforced: given === address ? "not fixed" : (given ?? "none"), remedy }]
        : []),
      ...(unnamed.length > 0
        ? [{ what: `${what}, DNS name`, declared: unnamed.join(", "), enforced: "none", remedy }]
        : []),
    ];
  });
  return [...extra, ...wrong];
}

/** What only making the container again can change. */
function fixedDifferences(declared: DesiredContainer, is: ObservedContainer): Omit<Difference, "remedy">[] {
  return [
    ...differs("image", declared.image.ref, is.image),
    ...differs("user", declared.user, is.user || "root"),
    ...differs("restart policy", declared.restartPolicy, is.restartPolicy || "no"),
    ...differs("health check", "present", is.hasHealthCheck ? "present" : "none"),
    ...differs("published ports", listed(declared.ports.map(port)), listed(is.ports.map(port))),
    ...differs("mounts", listed(declared.mounts.map(mount)), listed(is.mounts.map(mount))),
    ...hardeningDifferences(hardeningOf(declared), is.hardening),
  ];
}

function hardeningDifferences(
  declared: Hardening,
  { kernel, ...is }: ObservedHardening,
): Omit<Difference, "remedy">[] {
  const { drops } = HARDENING.capabilities;
  return [
    ...differs("root file system", "read-only", is.readOnly ? "read-only" : "writable"),
    ...differs("privileged", "no", is.privileged ? "yes" : "no"),
    ...differs("capabilities dropped", listed(drops), listed(is.capDrop)),
    ...differs("capabilities added", listed(declared.capAdd), listed(is.capAdd)),
    ...differs("security options", listed(declared.securityOpt), listed(is.securityOpt)),
    ...differs("namespaces of the host", "none", listed(is.hostNamespaces)),
    ...differs("devices", "none", listed(is.devices)),
    ...differs("device rules", listed(declared.deviceRules), listed(is.deviceRules)),
    ...(kernel ? kernelDifferences(declared, kernel) : []),
  ];
}

function differs(what: string, declared: string, enforced: string): Omit<Difference, "remedy">[] {
  return declared === enforced ? [] : [{ what, declared, enforced }];
}

function kernelDifferences(
  { capAdd }: Hardening,
  { capabilities, noNewPrivileges }: NonNullable<ObservedHardening["kernel"]>,
): Omit<Difference, "remedy">[] {
  const mask = capAdd.reduce((sum, name) => sum | capabilityBit(name), BigInt(0));
  const shown = (value: bigint): string => (value === BigInt(0) ? "none" : `0x${value.toString(16)}`);
  return [
    ...differs("capabilities in the kernel", shown(mask), shown(BigInt(`0x${capabilities}`))),
    ...differs("new privileges in the kernel", "no", noNewPrivileges ? "no" : "yes"),
  ];
}

/** Numbers of the capabilities that the allow-list gives to anybody; Linux never changes them. */
const CAPABILITY_NUMBERS: Record<string, number> = { CAP_SYS_ADMIN: 21 };

function capabilityBit(name: string): bigint {
  const number = CAPABILITY_NUMBERS[name];
  return number === undefined ? BigInt(0) : BigInt(1) << BigInt(number);
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : [...new Set(values)].sort().join(", ");
}

function port({ internal, external, ip }: Pick<Port, "internal" | "external" | "ip">): string {
  return `${ip}:${external}->${internal}`;
}

function mount({ type, source, path, readOnly }: ObservedMount): string {
  return `${type === "volume" ? "" : `${type} `}${source}:${path}${readOnly ? ":ro" : ""}`;
}
