import { beforeAll, describe, expect, it } from "vitest";
import type { Expected } from "../../../../cli/verify/expected";
import { CONTAINER, NETWORK, type Recording, record, VOLUME } from "../../../support/mocks";
import { declarePlatform, region } from "../../../support/platform";
import { expectedOf } from "./fixtures";

/*
 * `expected` states in the host's terms what the components declare in the provider's. Here both are derived from the
 * same platform and compared value by value: whoever changes one side is told of the other.
 */
const REGIONS = [region("aurora", 1), region("borealis", 200)];

let declared: Recording;
let looked: Expected;

beforeAll(async () => {
  declared = await record(() => declarePlatform(REGIONS));
  looked = expectedOf(REGIONS);
});

const byName = <T extends { name: string }>(list: T[]): T[] =>
  [...list].sort((a, b) => (a.name < b.name ? -1 : 1));

describe("what verify looks for is what the components declare", () => {
  it("containers: limits, image, user, networks, ports, mounts, labels, hardening", () => {
    const components = declared.ofType(CONTAINER).map(({ inputs }) => ({
      name: inputs.name,
      image: inputs.image,
      user: inputs.user,
      memory: inputs.memory * 2 ** 20,
      cpu: inputs.cpuQuota / (inputs.cpuPeriod / 1000),
      networks: inputs.networksAdvanced.map(
        ({ name, aliases, ipv4Address }: { name: string; aliases: string[]; ipv4Address?: string }) => ({
          network: name,
          aliases,
          address: ipv4Address,
        }),
      ),
      ports: (inputs.ports ?? []).map(
        ({ internal, external, ip }: { internal: number; external: number; ip: string }) => ({
          internal,
          external,
          ip,
        }),
      ),
      mounts: [
        ...(inputs.mounts ?? []).map(
          ({ type, source, target }: { type: string; source: string; target: string }) => ({
            type,
            source,
            path: target,
            readOnly: false,
          }),
        ),
        ...inputs.volumes.map(
          (volume: { volumeName: string; containerPath: string; readOnly?: boolean }) => ({
            type: "volume",
            source: volume.volumeName,
            path: volume.containerPath,
            readOnly: volume.readOnly === true,
          }),
        ),
      ],
      restart: inputs.restart,
      capAdd: inputs.capabilities.adds ?? [],
      capDrop: inputs.capabilities.drops,
      securityOpt: inputs.securityOpts,
      deviceRules: inputs.deviceCgroupRules ?? [],
      labels: Object.fromEntries(
        inputs.labels
          .filter(({ label }: { label: string }) => /region$|role$/.test(label))
          .map(({ label, value }: { label: string; value: string }) => [label.split(".").at(-1), value]),
      ),
    }));
    const ours = looked.containers.map(({ region, role, name, limits, image, user, ...rest }) => ({
      name,
      image,
      user,
      memory: limits.memoryBytes,
      cpu: limits.cpuMillis,
      networks: rest.networks.map(({ network, aliases, address }) => ({ network, aliases, address })),
      ports: rest.ports,
      mounts: rest.mounts,
      restart: rest.restartPolicy,
      ...rest.hardening,
      capDrop: ["ALL"],
      labels: { region, role },
    }));
    expect(byName(ours)).toEqual(byName(components));
    expect(ours).toHaveLength(17);
  });

  it("networks: range, gateway, way out", () => {
    const components = declared.ofType(NETWORK).map(({ inputs }) => ({
      name: inputs.name,
      subnet: inputs.ipamConfigs[0].subnet,
      gateway: inputs.ipamConfigs[0].gateway,
      internal: inputs.internal,
    }));
    const ours = looked.networks.map(({ region: _, ...network }) => network);
    expect(byName(ours)).toEqual(byName(components));
    expect(ours).toHaveLength(4);
  });

  it("volumes and the folders that they stand for", () => {
    const components = declared.ofType(VOLUME).map(({ inputs }) => ({
      name: inputs.name,
      folder: inputs.driverOpts?.device,
    }));
    const ours = looked.volumes.map(({ name, folder }) => ({ name, folder }));
    expect(byName(ours)).toEqual(byName(components));
    expect(ours).toHaveLength(17);
  });

  it("a read-only root and a health check are the same for all", () => {
    for (const { name, inputs } of declared.ofType(CONTAINER)) {
      expect(inputs.readOnly, name).toBe(true);
      expect(inputs.healthcheck.tests.length, name).toBeGreaterThan(1);
    }
  });

  it("disk: the whole size of a region, and of the Nexus", () => {
    expect(looked.regions).toEqual([
      { name: "central-nexus", diskBytes: 10_000_000_000 },
      { name: "aurora", diskBytes: REGIONS[0]?.resources.diskBytes },
      { name: "borealis", diskBytes: REGIONS[1]?.resources.diskBytes },
    ]);
  });
});

describe("settings", () => {
  it("decide what is published, and where", () => {
    const { containers } = expectedOf([], {
      gateway: { address: "0.0.0.0", httpPort: 8000, readTimeoutSeconds: 5, trustedProxies: [] },
      publish: { nexusServer: 1, redis: 2, playerClient: 3, adminUi: 4 },
    });
    expect(
      containers.flatMap(({ ports }) => ports.map(({ ip, external }) => `${ip}:${external}`)).sort(),
    ).toEqual(["0.0.0.0:8000", "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4"]);
  });
});
