import { describe, expect, it } from "vitest";
import { goDuration } from "../../../components/container";
import { gatewayConf } from "../../../components/gateway/config";
import * as postgres from "../../../components/postgres/files";
import * as redis from "../../../components/redis/files";
import { databaseRole } from "../../../components/region";
import { storageConf } from "../../../components/storage/files";
import { region } from "../../support/platform";

const { budget } = region("aurora", 1);

describe("gateway", () => {
  const text = gatewayConf({ readTimeoutSeconds: 5 });

  it("renders as reviewed", () => expect(text).toMatchSnapshot());

  it("names no region", () => expect(text).not.toMatch(/aurora|borealis/));

  it("passes the raw path on: a decoded variable could carry a line break into the upstream request", () => {
    const passes = text.match(/proxy_pass .*/g) ?? [];
    expect(passes).toHaveLength(9);
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

describe("durations", () => {
  it.each([
    [1, "1s"],
    [59, "59s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [120, "2m0s"],
  ])("%d s is what the Engine reads back: %s", (seconds, text) => expect(goDuration(seconds)).toBe(text));
});
