import { describe, expect, it } from "vitest";
import { GB } from "../../../config/units";
import { parseSettings } from "../../support/settings";
import { settings } from "./read";

const DEFAULTS = {
  images: "registry",
  imageOverrides: {},
  namePrefix: "",
  dataRoot: "/var/lib/sectorwars",
  regionsDir: "regions/test",
  networks: { nexus: "172.20.0.0/16", regional: "172.21.0.0/16", regions: "172.22.0.0/16" },
  gateway: { address: "127.0.0.1", httpPort: 80, readTimeoutSeconds: 5, trustedProxies: [] },
  publish: {},
  connections: {},
  profile: "specification",
  environment: "production",
  diskLimit: "require",
  healthIntervalSeconds: 30,
  restartUnhealthySeconds: 60,
  admission: { cpuOvercommit: 1, reserve: { cpuMillis: 1000, memoryBytes: GB, diskBytes: 20 * GB } },
  prices: {
    currency: "USD",
    base: 200,
    region: 3.6,
    cpu: 0.5,
    memoryGB: 0.4,
    diskGB: 0.01,
    subscription: 25,
    citizen: 5,
  },
};

describe("parseSettings", () => {
  it("has a default for everything", () => {
    expect(parseSettings("test", {})).toEqual(DEFAULTS);
  });

  it("accepts a host without disk limits by default, except in production", () => {
    expect(settings("nexus:environment: staging").diskLimit).toBe("accept");
    expect(settings("nexus:environment: development").diskLimit).toBe("accept");
    expect(settings("nexus:environment: production").diskLimit).toBe("require");
    expect(settings("nexus:environment: production\nnexus:diskLimit: accept").diskLimit).toBe("accept");
  });

  it("takes a number that the Pulumi CLI has quoted when it rewrote the file", () => {
    expect(settings('nexus:healthIntervalSeconds: "3"').healthIntervalSeconds).toBe(3);
  });

  it("ignores the settings of other namespaces, secret or not", () => {
    const raw = {
      "docker:host": "x",
      "pulumi:disable-default-providers": ["*"],
      "other:x": { secure: "AAAB" },
    };
    expect(parseSettings("test", raw)).toEqual(DEFAULTS);
  });

  it("reads every setting", () => {
    const image = { ref: "r.example.org:5000/game/server:1.2@sha256:".concat("a".repeat(64)) };
    const raw = {
      images: "local",
      imageOverrides: {
        gameServer: {
          ...image,
          user: "1000:1000",
          health: ["CMD", "check"],
          workerHealth: ["CMD-SHELL", "test -e /tmp/x"],
        },
      },
      namePrefix: "staging-",
      dataRoot: "/srv/sector.wars_1",
      dockerHost: "ssh://deploy@docker.example.org:22",
      regionsDir: "/etc/regions",
      networks: { nexus: "10.0.0.0/24", regional: "10.1.0.0/22", regions: "10.2.0.0/16" },
      gateway: {
        ...{ address: "0.0.0.0", httpPort: 8000, readTimeoutSeconds: 9 },
        trustedProxies: ["10.0.0.5/32", "10.1.0.0/24"],
      },
      publish: {
        ...{ nexusServer: 8080, nexusDb: 5433, redis: 6379, playerClient: 3000, adminUi: 3001 },
        blackboxExporter: 9115,
      },
      profile: "laptop",
      players: 80,
      connections: { pool: 5, overflow: 20, max: 150 },
      host: { cpu: 64, memory: "64GB", disk: "500GB" },
      environment: "staging",
      diskLimit: "require",
      healthIntervalSeconds: 2,
      restartUnhealthySeconds: 0,
      admission: { cpuOvercommit: 1.5, reserve: { cpu: 0.5, memory: "2GB", disk: "0GB" } },
      prices: { ...DEFAULTS.prices, base: 99.95, currency: "EUR" },
    };
    const spaced = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`nexus:${key}`, value]));
    expect(parseSettings("test", spaced)).toEqual({
      ...raw,
      host: { cpuMillis: 64_000, memoryBytes: 64 * GB, diskBytes: 500 * GB },
      admission: { cpuOvercommit: 1.5, reserve: { cpuMillis: 500, memoryBytes: 2 * GB, diskBytes: 0 } },
    });
  });

  it("takes a single address for a network of one", () => {
    const { gateway } = settings("nexus:gateway: {trustedProxies: [10.0.0.5, 10.1.0.0/16]}");
    expect(gateway.trustedProxies).toEqual(["10.0.0.5/32", "10.1.0.0/16"]);
  });

  it("fills in the rest of a map of which a part is given", () => {
    const { networks, gateway } = settings(
      "nexus:networks: {nexus: 10.0.0.0/16}\nnexus:gateway: {httpPort: 8000}",
    );
    expect(networks).toEqual({ ...DEFAULTS.networks, nexus: "10.0.0.0/16" });
    expect(gateway).toEqual({ ...DEFAULTS.gateway, httpPort: 8000 });
  });

  it("joins what belongs to the Docker host", () => {
    const { dockerHost } = settings("nexus:dockerHost: tcp://10.0.0.1:2376\nnexus:dockerCerts: certs/prod");
    expect(dockerHost).toEqual({ address: "tcp://10.0.0.1:2376", certs: "certs/prod" });
    expect(settings("nexus:dockerSsh: {knownHosts: known_hosts, keyFile: ~/.ssh/deploy}").dockerHost).toEqual(
      {
        knownHosts: "known_hosts",
        keyFile: "~/.ssh/deploy",
      },
    );
  });

  it.each(["unix:///var/run/docker.sock", "tcp://10.0.0.1:2376", "ssh://host", "ssh://user@host"])(
    "accepts the Docker host %s",
    (host) => {
      expect(settings(`nexus:dockerHost: ${host}`).dockerHost).toBe(host);
    },
  );
});
