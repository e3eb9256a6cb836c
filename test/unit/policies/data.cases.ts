import { dataVolumes } from "../../../policies/dataVolumes";
import { VOLUME } from "../../../policies/kit/resources";
import { ownVolumes } from "../../../policies/ownVolumes";
import { stateInVolumes } from "../../../policies/stateInVolumes";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, type Resource, UNKNOWN, UNKNOWN_LIST } from "./harness";

function volume(changes: Props = {}): Resource {
  const props = { name: "region-aurora-db-config", driver: "local", ...changes };
  return { type: VOLUME, name: "region-aurora-db-config", props };
}
const folder = { device: "/var/lib/sectorwars/aurora/db", o: "bind", type: "none" };
const mounted = (volumeName: string, containerPath: string, readOnly?: boolean) => [
  container({ volumes: [{ volumeName, containerPath, readOnly }] }),
];

export const data: PolicyCases[] = [
  {
    policy: dataVolumes,
    compliant: {
      configuration: [volume()],
      "with the SDK's own note": [volume({ driverOpts: { __defaults: [] } })],
      "with empty labels": [volume({ labels: [] })],
      "with a prefix": [volume({ name: "t-region-aurora-db-config" })],
    },
    broken: {
      labels: [[volume({ labels: [{ label: "a", value: "b" }] })], /labels are set/],
      "a volume of another driver": [[volume({ driver: "nfs" })], /driver is not local/],
      "no driver": [[volume({ driver: undefined })], /driver is not local/],
      cluster: [[volume({ cluster: {} })], /cluster/],
      data: [[volume({ name: "region-aurora-db-data" })], /does not end in -config/],
      "a folder under another name": [[volume({ driverOpts: folder })], /driverOpts are set/],
      "no name": [[volume({ name: undefined })], /does not end in -config/],
      "a volume of neither kind": [[volume({ name: "stuff" })], /does not end in -config/],
    },
    boundary: {
      "the shortest name": [[volume({ name: "-config" })], "passes"],
      "one letter more": [[volume({ name: "a-configs" })], /does not end in -config/],
    },
    unknown: {
      "the name": [[volume({ name: UNKNOWN })], "policy", /does not know name/],
      "the driver": [[volume({ driver: UNKNOWN })], "policy", /does not know driver/],
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
