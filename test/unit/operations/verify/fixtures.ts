import { type Desired, type DesiredContainer, hardeningOf } from "../../../../catalog/desired";
import { HARDENING, NEXUS, STACK_LABEL } from "../../../../catalog/names";
import type { ReadLimits } from "../../../../operations/verify/cgroup";
import { compare } from "../../../../operations/verify/compare";
import type { Drift } from "../../../../operations/verify/drift";
import type { Observed, ObservedContainer } from "../../../../operations/verify/observed";
import type { Platform } from "../../../../platform";
import type { RegionModel } from "../../../../regions/model";
import { platformOf, region } from "../../../support/platform";

export { NEXUS, STACK_LABEL };

export function expectedOf(regions: RegionModel[], settings?: Partial<Platform["settings"]>): Desired {
  return platformOf(regions, settings).desired;
}

/** A host that is exactly what the files say. */
export function perfect(declared: Desired): Observed {
  return {
    stackId: "stack-1",
    containers: declared.containers.map(perfectContainer),
    members: declared.containers.flatMap(({ name, networks }) =>
      networks.map(({ network }) => ({ network, container: name })),
    ),
    networks: declared.networks.map((network) => ({ ...network, id: network.name, stack: "stack-1" })),
    volumes: declared.volumes.map(({ name, folder }) => ({ name, folder })),
    disks: new Map(
      declared.disks.map(({ region, sizeBytes }) => [
        region,
        { sizeBytes, usedBytes: 0, mounted: true, means: "loop" },
      ]),
    ),
  };
}

function perfectContainer(container: DesiredContainer): ObservedContainer {
  const { limits } = container;
  const hardening = hardeningOf(container);
  const read: ReadLimits = { ...limits, swapBytes: 0 };
  return {
    id: `id-of-${container.name}`,
    name: container.name,
    stack: "stack-1",
    region: container.region,
    state: "running",
    health: "healthy",
    image: container.image.ref,
    user: container.user,
    restartPolicy: container.restartPolicy,
    hasHealthCheck: true,
    configured: read,
    enforced: { source: "kernel", limits: read },
    hardening: {
      readOnly: true,
      privileged: false,
      capDrop: HARDENING.capabilities.drops,
      capAdd: [...hardening.capAdd],
      securityOpt: [...hardening.securityOpt],
      hostNamespaces: [],
      devices: [],
      deviceRules: [...hardening.deviceRules],
      kernel: {
        capabilities: hardening.capAdd.length > 0 ? "0000000000200000" : "0000000000000000",
        noNewPrivileges: true,
      },
    },
    networks: container.networks.map(({ network, aliases, address }) => ({
      network,
      // The Engine adds the short id.
      aliases: [...aliases, "0123456789ab"],
      address: address ?? "172.20.0.9",
      ...(address !== undefined && { fixed: address }),
    })),
    ports: container.ports,
    mounts: container.mounts,
    restarts: 0,
    kills: 0,
  };
}

/** The same host with one container changed. */
export function withContainer(
  observed: Observed,
  name: string,
  change: (container: ObservedContainer) => Partial<ObservedContainer>,
): Observed {
  const containers = observed.containers.map((one) => (one.name === name ? { ...one, ...change(one) } : one));
  return { ...observed, containers };
}

/** Two regions, as most tests compare them with a host. */
export const DECLARED = expectedOf([region("aurora", 1), region("borealis", 2)]);
export const DB = "t-region-aurora-db";
export const SERVER = "t-region-aurora-server";

export const drift = (observed: Observed, declared = DECLARED): Drift[] =>
  compare(declared, observed, "test");
/** Drift as a line each: region|container|what|declared|enforced. */
export const short = (found: Drift[]): string[] =>
  found.map(({ region, container, what, declared, enforced }) =>
    [region, container, what, declared, enforced].join("|"),
  );

/** The drift after one container of a host without any was changed. */
export const changed = (
  name: string,
  change: (is: ObservedContainer) => Partial<ObservedContainer>,
): string[] => short(drift(withContainer(perfect(DECLARED), name, change)));
