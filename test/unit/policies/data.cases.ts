import { dataVolumes } from "../../../policies/dataVolumes";
import { VOLUME } from "../../../policies/kit/resources";
import { ownVolumes } from "../../../policies/ownVolumes";
import { stateInVolumes } from "../../../policies/stateInVolumes";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, type Resource, UNKNOWN, UNKNOWN_LIST } from "./harness";

const options = { device: "/var/lib/sectorwars/aurora/db", o: "bind", type: "none" };
function volume(changes: Props = {}): Resource {
  const props = { name: "region-aurora-db-data", driver: "local", driverOpts: options, ...changes };
  return { type: VOLUME, name: "region-aurora-db-data", props };
}
const device = (path: string) => [volume({ driverOpts: { ...options, device: path } })];
const mounted = (volumeName: string, containerPath: string, readOnly?: boolean) => [
  container({ volumes: [{ volumeName, containerPath, readOnly }] }),
];

export const data: PolicyCases[] = [
  {
    policy: dataVolumes,
    compliant: {
      "a folder": [volume()],
      "with the SDK's own note": [volume({ driverOpts: { ...options, __defaults: [] } })],
      "with empty labels": [volume({ labels: [] })],
      "the Nexus' folder": [
        volume({
          name: "t-central-nexus-db-data",
          driverOpts: { ...options, device: "/data/central-nexus/db" },
        }),
      ],
      "configuration, without options": [volume({ name: "region-aurora-db-config", driverOpts: undefined })],
    },
    broken: {
      labels: [[volume({ labels: [{ label: "a", value: "b" }] })], /labels are set/],
      "a volume of another driver": [[volume({ driver: "nfs" })], /driver is not local/],
      "no driver": [[volume({ driver: undefined })], /driver is not local/],
      cluster: [[volume({ cluster: {} })], /cluster/],
      "data in Docker's own folder": [[volume({ driverOpts: undefined })], /constant|device/],
      "a size, which cannot change": [[volume({ driverOpts: { ...options, size: "10G" } })], /constant/],
      "another mount option": [[volume({ driverOpts: { ...options, o: "bind,ro" } })], /constant/],
      "a relative folder": [device("data/aurora/db"), /device is not a folder/],
      "a folder with a way out": [device("/data/aurora/../borealis/db"), /device is not a folder/],
      "a folder of another region": [device("/data/borealis/db"), /folder of another volume/],
      "a folder of another role": [device("/data/aurora/cache"), /folder of another volume/],
      "a folder of the Nexus": [device("/data/central-nexus/db"), /folder of another volume/],
      "a folder of nobody": [device("/data/central-nexus/stuff"), /folder of another volume/],
      "configuration with options": [[volume({ name: "region-aurora-db-config" })], /driverOpts are set/],
      "a volume of neither kind": [[volume({ name: "stuff" })], /neither in -data nor in -config/],
    },
    boundary: {
      "the shortest folder": [device("/data/aurora/db"), "passes"],
      "one part less": [device("/data/aurora"), /device is not a folder/],
      "a trailing slash": [device("/data/aurora/db/"), "passes"],
    },
    unknown: {
      "the name": [[volume({ name: UNKNOWN })], "advisory", /: name$/],
      "the folder": [device(UNKNOWN), "advisory", /: driverOpts.device$/],
    },
  },
  {
    policy: ownVolumes,
    compliant: {
      "a database's two": [container()],
      "names with the stack's prefix": [
        container(
          { volumes: [{ volumeName: "t-region-aurora-db-data", containerPath: "/var/lib/postgresql/data" }] },
          "t-region-aurora-db",
        ),
      ],
      "no volume": [container({ volumes: undefined })],
    },
    broken: {
      "another region's data": [
        mounted("region-borealis-db-data", "/var/lib/postgresql/data"),
        /neither region-aurora-db-config nor region-aurora-db-data/,
      ],
      "data of another role": [mounted("region-aurora-cache-data", "/data"), /volumes.0 is neither/],
      "another stack's data": [
        mounted("other-region-aurora-db-data", "/var/lib/postgresql/data"),
        /volumes.0 is neither/,
      ],
      "a path in the place of a name": [mounted("/etc", "/etc/nexus", true), /volumes.0 is neither/],
      "a folder of the host": [
        [container({ volumes: [{ hostPath: "/x", containerPath: "/data" }] })],
        /volumes.0 is neither/,
      ],
      "a volume without a name": [
        [container({ volumes: [{ containerPath: "/data" }] })],
        /volumes.0 is neither/,
      ],
      "data over the programs": [mounted("region-aurora-db-data", "/usr/bin"), /data path of its role/],
      "data of a role that keeps none": [
        [
          container(
            {
              labels: labels("aurora", "worker"),
              volumes: [{ volumeName: "region-aurora-worker-data", containerPath: "/data" }],
            },
            "region-aurora-worker",
          ),
        ],
        /data path of its role/,
      ],
      "configuration elsewhere": [mounted("region-aurora-db-config", "/etc", true), /not read-only at/],
      "configuration that can be written": [
        mounted("region-aurora-db-config", "/etc/nexus"),
        /not read-only/,
      ],
    },
    boundary: {
      "the data path": [mounted("region-aurora-db-data", "/var/lib/postgresql/data"), "passes"],
      "a folder in it": [
        mounted("region-aurora-db-data", "/var/lib/postgresql/data/cluster"),
        /data path of its role/,
      ],
    },
    unknown: {
      "a volume's name": [mounted(UNKNOWN, "/data"), "policy", /does not know volumes.0.volumeName/],
      "all volumes": [[container({ volumes: UNKNOWN_LIST })], "policy", /does not know volumes/],
    },
  },
  {
    policy: stateInVolumes,
    compliant: {
      "a database with its volume": [container()],
      "a worker without one": [container({ labels: labels("aurora", "worker"), volumes: [] })],
    },
    broken: {
      "no volume": [[container({ volumes: [] })], /no writable volume/],
      "an anonymous one": [[container({ volumes: [{ containerPath: "/data" }] })], /no writable volume/],
      "a bind": [
        [container({ volumes: [{ hostPath: "/x", containerPath: "/data" }] })],
        /no writable volume/,
      ],
      "configuration only": [
        [container({ volumes: [{ volumeName: "region-aurora-db-config", containerPath: "/x" }] })],
        /no writable volume/,
      ],
    },
    boundary: {
      "a volume that is only read": [
        [container({ volumes: [{ volumeName: "a-data", containerPath: "/data", readOnly: true }] })],
        /no writable volume/,
      ],
      "the same, written": [
        [container({ volumes: [{ volumeName: "a-data", containerPath: "/data", readOnly: false }] })],
        "passes",
      ],
    },
    unknown: {
      "the volume's name": [
        [container({ volumes: [{ volumeName: UNKNOWN, containerPath: "/data" }] })],
        "policy",
        /does not know volumes.0.volumeName/,
      ],
    },
    configured: {
      "another role": [
        [container({ labels: labels("aurora", "queue"), volumes: [] })],
        { roles: ["queue"] },
        /no writable volume/,
      ],
    },
  },
];
