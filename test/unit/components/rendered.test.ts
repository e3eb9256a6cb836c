import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type NexusBudget, nexusBudget } from "../../../catalog/nexusBudget";
import { blackboxYml } from "../../../components/blackbox/files";
import { goDuration } from "../../../components/container";
import { gatewayConf } from "../../../components/gateway/config";
import { gatewayTuning } from "../../../components/gateway/limits";
import * as postgres from "../../../components/postgres/files";
import * as redis from "../../../components/redis/files";
import { databaseRole } from "../../../components/region";
import { storageConf } from "../../../components/storage/files";
import { MIB } from "../../../config/units";
import { region } from "../../support/platform";

const { budget } = region("aurora", 1);

describe("gateway", () => {
  const text = gatewayConf({ readTimeoutSeconds: 5, trustedProxies: [] });
  const behind = gatewayConf({ readTimeoutSeconds: 5, trustedProxies: ["10.0.0.5/32", "10.1.0.0/24"] });

  it("renders as reviewed", () => expect(text).toMatchSnapshot());

  it("names no region", () => expect(text).not.toMatch(/aurora|borealis/));

  it("passes the raw path on: a decoded variable could carry a line break into the upstream request", () => {
    const passes = text.match(/proxy_pass .*/g) ?? [];
    expect(passes).toHaveLength(11);
    for (const pass of passes) {
      expect(pass).toMatch(
        /^proxy_pass http:\/\/(\$upstream|region-\$region-server:8080)(\/api\/v1)?(\/ws)?(\$\w+_rest)?;$/,
      );
    }
  });

  it("overwrites the client's address instead of appending to what the client claims", () => {
    expect(text).toContain("proxy_set_header X-Forwarded-For $remote_addr;");
    expect(text).not.toContain("proxy_add_x_forwarded_for");
  });

  it("takes the word of the proxies that it is told to trust, and of nobody else", () => {
    expect(text).not.toContain("set_real_ip_from");
    expect(behind.match(/set_real_ip_from .*/g)).toEqual([
      "set_real_ip_from 10.0.0.5/32;",
      "set_real_ip_from 10.1.0.0/24;",
    ]);
    expect(behind.match(/^ {4}10.* 1;$/gm)).toEqual(["    10.0.0.5/32 1;", "    10.1.0.0/24 1;"]);
  });

  it("sets or clears each header once: an inherited one would be lost in a location with its own", () => {
    const names = (text.match(/proxy_set_header \S+/g) ?? []).map((line) => line.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("proxy_set_header cf-connecting-ip");
  });

  it("logs no query and no Referer", () => {
    const format = /log_format nexus [^;]*;/.exec(text)?.[0] ?? "";
    expect(format).toContain("$logged_path");
    expect(format).not.toMatch(/\$(request|request_uri|args|query_string|http_referer)\b/);
  });

  it("compresses pages alone", () => {
    const compressed = text.match(/location [^{]*\{(?=[^}]*gzip on;)/g);
    expect(compressed).toEqual(["location /admin/ {", "location / {"]);
  });

  it("takes as many requests as its memory holds, and half of them from one client", () => {
    const files = ({ limits, gateway }: NexusBudget) => {
      expect(gateway.requests * (MIB / 4)).toBeLessThan(limits.gateway.memoryBytes);
      return gatewayTuning(gateway).files.map(({ content }) => content);
    };
    expect(files(nexusBudget("laptop"))).toEqual([
      "worker_rlimit_nofile 1088;\nevents { worker_connections 1024; }\n",
      "limit_conn all 448;\nlimit_conn clients 224;\n",
    ]);
    expect(files(nexusBudget("specification"))[1]).toMatch(/^limit_conn all 3[67]\d\d;/);
  });

  it("looks names up at request time, and again soon", () => {
    expect(text).toContain("resolver 127.0.0.11 valid=5s ipv6=off;");
    expect(text).toContain("resolver_timeout 2s;");
  });
});

describe("PostgreSQL", () => {
  it("renders as reviewed", () => {
    expect(postgres.postgresConf(budget.postgres)).toMatchSnapshot();
    expect(postgres.postgresTuning(budget.postgres)).toMatchSnapshot();
    expect(postgres.startScript("region_aurora")).toMatchSnapshot();
  });

  it("lets only the application's role in over the network, by password", () => {
    const network = postgres
      .pgHba("region_aurora")
      .split("\n")
      .filter((line) => line.startsWith("host"));
    expect(network).toHaveLength(2);
    for (const line of network) {
      expect(line).toMatch(/^host "region_aurora" "region_aurora" \S+ scram-sha-256$/);
    }
  });

  it.each([
    ["aurora", "region_aurora"],
    ["a-b-c", "region_a_b_c"],
    ["postgres", "region_postgres"],
  ])("names the database of %s %s", (name, role) => expect(databaseRole(name)).toBe(role));
});

describe("Redis", () => {
  it("renders as reviewed", () => {
    expect(redis.redisConf()).toMatchSnapshot();
    expect(redis.redisTuning(budget.redis)).toMatchSnapshot();
  });

  it("writes the password's hash, never the password", () => {
    const acl = redis.usersAcl("correcthorse", "batterystaple");
    expect(acl).not.toMatch(/correcthorse|batterystaple/);
    expect(acl).toMatch(
      /^user default off\nuser app on #[0-9a-f]{64} ~\* &\* \+@all -@admin -@dangerous \+info\nuser operator on #[0-9a-f]{64} \+config\|set \+info\n$/,
    );
  });
});

describe("storage", () => {
  it("renders as reviewed", () => expect(storageConf("TOKEN")).toMatchSnapshot());
});

describe("blackbox exporter", () => {
  it("renders as reviewed", () => expect(blackboxYml()).toMatchSnapshot());

  it("asks in ways that take no capability, and gives up before Prometheus does", () => {
    const { modules } = parse(blackboxYml()) as {
      modules: Record<string, { prober: string; timeout: string }>;
    };
    expect(Object.keys(modules)).toEqual(["http_2xx", "http_2xx_localhost", "tcp_connect"]);
    for (const [name, { prober, timeout }] of Object.entries(modules)) {
      expect(["http", "tcp"], name).toContain(prober);
      // Prometheus' own default for a scrape is 10 s.
      expect(timeout, name).toMatch(/^[1-9]s$/);
    }
  });
});

describe("durations", () => {
  it.each([
    [1, "1s"],
    [59, "59s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [120, "2m0s"],
  ])("%d s is what the Engine reads back: %s", (seconds, text) => expect(goDuration(seconds)).toBe(text));
});
