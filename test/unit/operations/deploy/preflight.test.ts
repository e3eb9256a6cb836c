import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { type Claims, checkHost, renderHostProblems } from "../../../../operations/deploy/preflight/checks";
import { type HostFacts, parseRoutes } from "../../../../operations/deploy/preflight/facts";
import { findBusyPorts } from "../../../../operations/deploy/preflight/ports";

const OWN = "own-uuid";

const WANTED: Claims = {
  containers: [
    {
      name: "nginx-gateway",
      ports: [{ internal: 8080, external: 80, ip: "127.0.0.1", setting: "nexus:gateway.httpPort" }],
    },
    { name: "region-aurora-db", ports: [] },
  ],
  networks: [
    { name: "nexus", subnet: "172.20.0.0/16", setting: "nexus:networks.nexus" },
    { name: "region-aurora", subnet: "172.22.1.0/24", setting: "nexus:networks.regions" },
    { name: "region-borealis", subnet: "172.22.2.0/24", setting: "nexus:networks.regions" },
  ],
  images: ["nexus-local/postgres:abc"],
  namePrefix: "",
};

const FREE: HostFacts = {
  containers: [],
  networks: [{ name: "bridge", subnets: ["172.17.0.0/16"] }],
  images: new Set(["nexus-local/postgres:abc"]),
  routes: [{ cidr: "10.0.0.0/8", device: "eth0" }],
  busyPorts: [],
};

const problems = (facts: Partial<HostFacts>, stackId: string | undefined = OWN): (string | undefined)[][] =>
  checkHost(WANTED, { ...FREE, ...facts }, stackId).map(({ setting, message }) => [setting, message]);

describe("checkHost", () => {
  it("finds nothing on a free host", () => {
    expect(problems({})).toEqual([]);
  });

  it("takes everything with the stack's label for its own", () => {
    const own: Partial<HostFacts> = {
      containers: [{ name: "nginx-gateway", stack: OWN, ports: [{ address: "127.0.0.1", port: 80 }] }],
      networks: [{ name: "nexus", stack: OWN, subnets: ["172.20.0.0/16"] }],
    };
    expect(problems(own)).toEqual([]);
    expect(checkHost(WANTED, { ...FREE, ...own }, undefined)).toHaveLength(3);
    expect(problems(own, "another-uuid")).toHaveLength(3);
  });

  it("names containers and networks whose names are taken", () => {
    const [container, network] = problems({
      containers: [
        { name: "nginx-gateway", ports: [] },
        { name: "region-aurora-db", ports: [] },
        { name: "someone-else", ports: [] },
      ],
      networks: [{ name: "nexus", stack: "other", subnets: [] }],
    });
    expect(container?.[0]).toBe("nexus:namePrefix");
    expect(container?.[1]).toContain("nginx-gateway, region-aurora-db are taken, not made by this program");
    expect(container?.[1]).toContain("docker rm -f nginx-gateway region-aurora-db");
    expect(network?.[1]).toContain("made by another stack or another checkout (other)");
  });

  it("names the Docker network that has a range, once for all regions that it stops", () => {
    const found = problems({ networks: [{ name: "old", subnets: ["172.22.0.0/16"] }] });
    expect(found).toHaveLength(1);
    expect(found[0]?.[0]).toBe("nexus:networks.regions");
    expect(found[0]?.[1]).toContain(
      "172.22.1.0/24 (network region-aurora), 172.22.2.0/24 (network region-borealis)",
    );
    expect(found[0]?.[1]).toContain('172.22.0.0/16 of Docker\'s network "old"');
  });

  it("names the route that has a range", () => {
    const [found] = problems({ routes: [{ cidr: "172.16.0.0/13", device: "vpn0" }] });
    expect(found?.[1]).toContain("172.16.0.0/13, which this host reaches through vpn0");
  });

  it.each([
    ["127.0.0.1", 1],
    ["0.0.0.0", 1],
    ["::", 1],
    ["192.168.1.1", 0],
  ])("a container that publishes the port on %s makes %i problems", (address, count) => {
    expect(problems({ containers: [{ name: "web", ports: [{ address, port: 80 }] }] })).toHaveLength(count);
  });

  it("names a port that another program has, and an address that is not there", () => {
    const [busy] = problems({ busyPorts: [{ address: "127.0.0.1", port: 80, code: "EADDRINUSE" }] });
    expect(busy).toEqual(["nexus:gateway.httpPort", expect.stringContaining("in use by another program")]);
    const [absent] = problems({ busyPorts: [{ address: "127.0.0.1", port: 80, code: "EADDRNOTAVAIL" }] });
    expect(absent?.[0]).toBe("nexus:gateway.address");
  });

  it("misses a local image, and not one that Docker can pull", () => {
    expect(problems({ images: new Set() })[0]?.[1]).toContain("npm run images:build");
    const own = { ...WANTED, images: ["registry.example/game:1.4.2"] };
    expect(checkHost(own, { ...FREE, images: new Set() }, OWN)).toEqual([]);
  });

  it("reports everything at once, each line with file and setting", () => {
    const all = checkHost(
      WANTED,
      { ...FREE, images: new Set(), routes: [{ cidr: "172.20.5.0/24", device: "tun0" }] },
      OWN,
    );
    const lines = renderHostProblems(all, "Pulumi.dev.yaml").split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^Pulumi\.dev\.yaml: nexus:networks\.nexus: /);
  });
});

describe("parseRoutes", () => {
  const TABLE = [
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT",
    "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
    "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0",
    "br-abc\t000014AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
    "tun0\t000116AC\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
    "",
  ].join("\n");

  it("reads ranges and leaves out the default route and Docker's bridges", () => {
    expect(parseRoutes(TABLE, new Set(["br-abc"]))).toEqual([
      { cidr: "10.0.0.0/8", device: "eth0" },
      { cidr: "172.22.1.0/24", device: "tun0" },
    ]);
  });
});

describe("findBusyPorts", () => {
  it("finds a port that is held and an address that is not ours", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await findBusyPorts([{ ip: "127.0.0.1", external: port }])).toEqual([
        { address: "127.0.0.1", port, code: "EADDRINUSE" },
      ]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    expect(await findBusyPorts([{ ip: "127.0.0.1", external: port }])).toEqual([]);
    expect((await findBusyPorts([{ ip: "192.0.2.1", external: port }]))[0]?.code).toBe("EADDRNOTAVAIL");
  });
});
