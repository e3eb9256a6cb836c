import { createHash, createHmac } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { DATABASE_ROLES } from "../../../catalog/databaseRoles";
import { rolePassword, roleRules, rolesSql, scramVerifier } from "../../../components/postgres/roles";
import { CONNECTION_RESERVE } from "../../../config/connections";
import { impactOf } from "../../../operations/deploy/impact/report";
import type { Step } from "../../../operations/deploy/impact/steps";
import { CONTAINER, earlier, NEXUS_STACK, REGION, type Recording, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

describe("the password of a role", () => {
  const passwordOf = (root: string) => rolePassword(root, "monitoring", "aurora");

  it("has 40 letters and digits, and follows from root, role and region alone", () => {
    expect(passwordOf("root")).toMatch(/^[A-Za-z0-9]{40}$/);
    // Written down: another one would lock out whoever was given it.
    expect(passwordOf("root")).toBe("9qapeJS0xvpKmH0i39SdE4EnjR46NxNFFqFwarg0");
    const others = [
      passwordOf("another root"),
      rolePassword("root", "replication", "aurora"),
      rolePassword("root", "monitoring", "borealis"),
    ];
    expect(new Set([passwordOf("root"), ...others]).size).toBe(4);
  });

  it("uses the whole alphabet about evenly", () => {
    const seen = new Map<string, number>();
    const count = 500;
    for (let root = 0; root < count; root++)
      for (const letter of passwordOf(String(root))) seen.set(letter, (seen.get(letter) ?? 0) + 1);
    const expected = (count * 40) / 62;
    expect(seen.size).toBe(62);
    // Five standard deviations; the roots are always the same, so it passes always or never.
    for (const [letter, times] of seen)
      expect(Math.abs(times - expected), letter).toBeLessThan(5 * Math.sqrt(expected));
  });

  it("is kept as PostgreSQL does: the exchange that RFC 7677 shows fits the verifier", () => {
    const verifier = scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"));
    const [, iterations, salt, stored, server] =
      /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(verifier) ?? [];
    expect([iterations, salt]).toEqual(["4096", "W22ZaJ0SNY7soEsUEjb6gQ=="]);
    const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    const said = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt},i=4096,c=biws,r=${nonce}`;
    const sign = (key = "") => createHmac("sha256", Buffer.from(key, "base64")).update(said).digest();
    expect(sign(server).toString("base64")).toBe("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
    const signature = sign(stored);
    const key = proof.map((byte, index) => byte ^ (signature[index] ?? 0));
    expect(createHash("sha256").update(key).digest("base64")).toBe(stored);
    expect(scramVerifier("a")).toBe(scramVerifier("a"));
  });
});

describe("the other roles of a database", () => {
  it("come from one subnet, each to what it is for", () => {
    expect(roleRules("region_aurora", "172.22.1.0/24")).toBe(
      'host "region_aurora" "monitoring" 172.22.1.0/24 scram-sha-256\n' +
        'host replication "replication" 172.22.1.0/24 scram-sha-256\n',
    );
  });

  it("are made what they shall be, one statement a line", () => {
    const made = "EXCEPTION WHEN duplicate_object THEN NULL; END $$;";
    const plain = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS";
    expect(rolesSql("region_aurora", (role) => `V-${role}`).split("\n")).toEqual([
      `DO $$ BEGIN CREATE ROLE "monitoring"; ${made}`,
      `ALTER ROLE "monitoring" ${plain} NOREPLICATION LOGIN CONNECTION LIMIT 3 PASSWORD 'V-monitoring';`,
      'GRANT pg_monitor TO "monitoring";',
      'GRANT CONNECT ON DATABASE "region_aurora" TO "monitoring";',
      `DO $$ BEGIN CREATE ROLE "replication"; ${made}`,
      `ALTER ROLE "replication" ${plain} REPLICATION LOGIN CONNECTION LIMIT 4 PASSWORD 'V-replication';`,
      "",
    ]);
  });

  it("take nothing of the application's connections", () => {
    const [superuserReserved, healthTests, walSenders] = [3, 2, 10];
    const sum = (opens: string) =>
      Object.values(DATABASE_ROLES).reduce(
        (all, one) => all + (one.opens === opens ? one.connections : 0),
        0,
      );
    expect(superuserReserved + healthTests + sum("database")).toBeLessThanOrEqual(CONNECTION_RESERVE);
    expect(sum("replication")).toBeLessThanOrEqual(walSenders);
  });
});

describe("a database that exists", () => {
  let one: Recording;
  beforeAll(async () => {
    one = await record(() => declarePlatform([region("aurora", 1)]), earlier(16));
  });

  it("is not recreated for them: the digest of its files is what it was before", () => {
    const digests = ["nexus-db-container", "region-aurora-db-container"].map((name) => {
      const labels = one.one(CONTAINER, name).inputs.labels as { label: string; value: string }[];
      return labels.find(({ label }) => label === "io.sectorwars.config")?.value;
    });
    // Of the commit before this. Whoever changes its files on purpose recreates all databases, and writes others here.
    expect(digests).toEqual(["713cab155eba526a", "25e0453fc5ecc932"]);
  });

  it("is told by a hook of its component, whose input says no secret", () => {
    for (const [type, name] of [
      [NEXUS_STACK, "nexus"],
      [REGION, "region-aurora"],
    ] as const) {
      const { inputs, options } = one.one(type, name);
      expect(inputs.access).toMatch(/^[0-9a-f]{16}$/);
      expect(options.hooks).toEqual(["beforeUpdateList"]);
    }
  });

  it("changes in place, says the report; a new one says nothing of it", () => {
    const step = (old: string | undefined, now: string): Step => ({
      ...{ type: REGION, name: "region-aurora", urn: "urn:region", changed: [], causes: [] },
      kind: old === undefined ? "create" : "update",
      ...(old !== undefined && { old: state(old) }),
      new: state(now),
    });
    const state = (access: string) => ({ inputs: { access }, retainOnDelete: false, initErrors: false });
    const name = "region-aurora-network";
    const network: Step = {
      ...{ type: "docker:index/network:Network", name, urn: name, kind: "same", changed: [], causes: [] },
      old: { ...state("none"), parent: "urn:region" },
    };
    expect(impactOf([step("a", "b"), network])).toMatchObject([
      { area: "aurora", inPlace: [{ container: "db", what: ["database roles"] }], restarts: [] },
    ]);
    expect(impactOf([step(undefined, "b")])).toMatchObject([{ life: "created", inPlace: [] }]);
  });
});
