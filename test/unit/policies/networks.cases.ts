import { NETWORK } from "../../../policies/kit/resources";
import { publishedPorts } from "../../../policies/publishedPorts";
import { regionIsolation } from "../../../policies/regionIsolation";
import { subnets } from "../../../policies/subnets";
import type { PolicyCases } from "./cases";
import { container, labels, type Props, type Resource, UNKNOWN, UNKNOWN_LIST } from "./harness";

function network(name: string, subnet: string | undefined, changes: Props = {}): Resource {
  const gateway = subnet?.replace(/\d+\/\d+$/, "1");
  const region = name.startsWith("region-") ? name.slice("region-".length) : "central-nexus";
  return {
    type: NETWORK,
    name,
    props: { name, labels: labels(region, "network"), ipamConfigs: [{ subnet, gateway }], ...changes },
  };
}

const gateway = (changes: Props) =>
  container({ labels: labels("central-nexus", "gateway"), ...changes }, "nginx-gateway");
/** By the specification's names. */
const NAMES = {
  server: "central-nexus-server",
  db: "central-nexus-db",
  redis: "redis-nexus",
  adminUi: "admin-ui",
  blackboxExporter: "blackbox-exporter",
  disk: "disk-keeper",
};
const nexus = (role: keyof typeof NAMES, changes: Props) =>
  container({ labels: labels("central-nexus", role), ...changes }, NAMES[role]);
const server = (changes: Props = {}) =>
  container(
    {
      labels: labels("aurora", "server"),
      networksAdvanced: [{ name: "region-aurora" }, { name: "regional" }],
      ...changes,
    },
    "region-aurora-server",
  );
const port = (ip?: string) => ({ ports: [{ internal: 5432, external: 5433, ip }] });
const on = (...names: string[]) => ({ networksAdvanced: names.map((name) => ({ name })) });

export const networks: PolicyCases[] = [
  {
    policy: subnets,
    compliant: {
      "the specification's": [
        network("nexus", "172.20.0.0/16"),
        network("regional", "172.21.0.0/16"),
        network("region-aurora", "172.22.1.0/24"),
        network("region-borealis", "172.22.2.0/24"),
      ],
    },
    broken: {
      "no subnet": [[network("nexus", undefined)], /not exactly one subnet/],
      "no gateway": [
        [network("nexus", "", { ipamConfigs: [{ subnet: "172.20.0.0/16" }] })],
        /with a gateway/,
      ],
      "no address range at all": [
        [network("nexus", "", { ipamConfigs: undefined })],
        /not exactly one subnet/,
      ],
      "two subnets": [
        [
          network("nexus", "", {
            ipamConfigs: [
              { subnet: "172.20.0.0/16", gateway: "172.20.0.1" },
              { subnet: "172.30.0.0/16", gateway: "172.30.0.1" },
            ],
          }),
        ],
        /not exactly one subnet/,
      ],
      "bits beyond the prefix": [[network("nexus", "172.20.0.1/16")], /not exactly one subnet/],
      "a public range": [[network("region-aurora", "8.8.8.0/24")], /outside of its range/],
      "the same twice": [
        [network("region-aurora", "172.22.1.0/24"), network("region-borealis", "172.22.1.0/24")],
        /overlaps that of region-aurora/,
      ],
    },
    boundary: {
      "side by side": [
        [network("region-aurora", "172.22.0.0/25"), network("region-borealis", "172.22.0.128/25")],
        "passes",
      ],
      "one inside the other": [
        [network("region-aurora", "172.22.0.0/24"), network("region-borealis", "172.22.0.128/25")],
        /overlaps/,
      ],
      "the last private one": [[network("region-aurora", "172.31.255.0/24")], "passes"],
      "the first that is not": [[network("region-aurora", "172.32.0.0/24")], /outside of its range/],
      // A setting takes these as well.
      "the last one of a carrier's": [[network("region-aurora", "100.127.255.0/24")], "passes"],
      "the first one after it": [[network("region-aurora", "100.128.0.0/24")], /outside of its range/],
    },
    unknown: {
      "a subnet": [[network("nexus", UNKNOWN)], "policy", /does not know ipamConfigs.0.subnet/],
    },
    configured: {
      "a region in the regions' range": [
        [network("region-a", "172.22.255.0/24")],
        { regions: ["172.22.0.0/16"] },
        "passes",
      ],
      "a region beyond it": [
        [network("region-a", "172.23.0.0/24")],
        { regions: ["172.22.0.0/16"] },
        /outside/,
      ],
      "a region wider than it": [
        [network("region-a", "172.16.0.0/12")],
        { regions: ["172.22.0.0/16"] },
        /outside/,
      ],
      "a region in the central range": [
        [network("region-a", "172.20.1.0/24")],
        { central: ["172.20.0.0/16"], regions: ["172.22.0.0/16"] },
        /outside/,
      ],
    },
  },
  {
    policy: publishedPorts,
    compliant: {
      "nothing published": [container()],
      "the gateway on every address": [gateway(port("0.0.0.0"))],
      "a database on loopback": [container(port("127.0.0.1"))],
    },
    broken: {
      "a database on every address": [[container(port("0.0.0.0"))], /ports.0 is not on a loopback address/],
      "no address, which means every one": [[container(port())], /ports.0/],
      "an address of the host": [[container(port("192.168.1.10"))], /ports.0/],
      "publishAllPorts, even of the gateway": [[gateway({ publishAllPorts: true })], /publishAllPorts/],
      "the host's network": [[gateway({ networkMode: "host" })], /networkMode host/],
      "a region's container that calls itself gateway": [
        [container({ labels: labels("aurora", "gateway"), ...port("0.0.0.0") })],
        /ports.0/,
      ],
    },
    boundary: {
      "the last loopback address": [[container(port("127.255.255.255"))], "passes"],
      "the address after it": [[container(port("128.0.0.0"))], /ports.0/],
      "an address that only begins like one": [[container(port("127.0.0.1.example"))], /ports.0/],
      "IPv6 loopback": [[container(port("::1"))], "passes"],
      "every IPv6 address": [[container(port("::"))], /ports.0/],
    },
    unknown: {
      "an address": [[container(port(UNKNOWN))], "policy", /does not know ports.0.ip/],
      "all ports": [[container({ ports: UNKNOWN_LIST })], "policy", /does not know ports/],
    },
    configured: { "nobody publishes": [[gateway(port("0.0.0.0"))], { publishers: [] }, /ports.0/] },
  },
  {
    policy: regionIsolation,
    compliant: {
      "a database on the region's network": [container()],
      "a server on both": [server()],
      "names with the stack's prefix": [container(on("t-region-aurora"), "t-region-aurora-db")],
      "the Nexus' front doors on both": [
        gateway(on("nexus", "regional")),
        nexus("server", on("nexus", "regional")),
      ],
      "the Nexus' data on its own": [nexus("db", on("nexus")), nexus("redis", on("nexus"))],
      "the Nexus with the stack's prefix": [
        container({ labels: labels("central-nexus", "db"), ...on("t-nexus") }, "t-central-nexus-db"),
      ],
      "the prober on the Nexus' own": [nexus("blackboxExporter", on("nexus"))],
      "the disk keeper without network": [nexus("disk", { networksAdvanced: [], networkMode: "none" })],
      "a job without network": [container({ networksAdvanced: [], networkMode: "none" })],
    },
    broken: {
      "a database on the Nexus' network": [[container(on("region-aurora", "nexus"))], /networksAdvanced.1/],
      "a server on the Nexus' network": [
        [server(on("region-aurora", "regional", "nexus"))],
        /networksAdvanced.2/,
      ],
      "a worker on the regional network": [
        [container(on("region-aurora", "regional"))],
        /networksAdvanced.1/,
      ],
      "another region's network": [[container(on("region-borealis"))], /networksAdvanced.0/],
      "another stack's network": [[container(on("other-region-aurora"))], /networksAdvanced.0/],
      "no network, which means Docker's own": [[container(on())], /joins no network/],
      "the host's network": [[container({ networkMode: "host" })], /networkMode/],
      "another container's network": [[container({ networkMode: "container:abc" })], /networkMode/],
      "no labels": [[container({ labels: [] })], /do not say whose/],
      "a name that is not its labels'": [[container({}, "region-borealis-db")], /its name/],
      "the Nexus' database on the regional network": [
        [nexus("db", on("nexus", "regional"))],
        /networksAdvanced.1/,
      ],
      "a page on the regional network": [[nexus("adminUi", on("regional"))], /networksAdvanced.0/],
      "the prober where regions could have it ask": [
        [nexus("blackboxExporter", on("nexus", "regional"))],
        /networksAdvanced.1/,
      ],
      "the Nexus' server on a region's network": [
        [nexus("server", on("nexus", "region-aurora"))],
        /networksAdvanced.1/,
      ],
      "the disk keeper on a network": [[nexus("disk", on("nexus"))], /networksAdvanced.0/],
      "another stack's Nexus": [[nexus("redis", on("other-nexus"))], /networksAdvanced.0/],
      "the Nexus on Docker's own network": [[nexus("redis", on())], /joins no network/],
      "a role that nobody wrote down": [
        [container({ labels: labels("central-nexus", "prometheus"), ...on("nexus") }, "prometheus")],
        /its role is none of the Nexus'/,
      ],
      "the name of another role": [
        [container({ labels: labels("central-nexus", "gateway"), ...on("regional") }, "redis-nexus")],
        /does not end in nginx-gateway/,
      ],
    },
    boundary: {
      "a region whose name begins with another's": [
        [container({ labels: labels("aurora-2", "db"), ...on("region-aurora") }, "region-aurora-2-db")],
        /networksAdvanced.0/,
      ],
      "the same on its own": [
        [container({ labels: labels("aurora-2", "db"), ...on("region-aurora-2") }, "region-aurora-2-db")],
        "passes",
      ],
    },
    unknown: {
      "a network's name": [[container(on(UNKNOWN))], "policy", /does not know networksAdvanced.0.name/],
      "the name of one of the Nexus'": [
        [nexus("db", on(UNKNOWN))],
        "policy",
        /does not know networksAdvanced.0.name/,
      ],
      "all networks": [
        [container({ networksAdvanced: UNKNOWN_LIST })],
        "policy",
        /does not know networksAdvanced/,
      ],
    },
    configured: {
      "workers may be front doors": [
        [
          container(
            { labels: labels("aurora", "worker"), ...on("region-aurora", "regional") },
            "region-aurora-worker",
          ),
        ],
        { frontDoors: ["server", "worker"] },
        "passes",
      ],
    },
  },
];
