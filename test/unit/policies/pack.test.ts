import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPlatform } from "../../../platform";
import { policies } from "../../../policies/pack";
import { pinnedImages } from "../../../policies/pinnedImages";
import { tableRows } from "../config/markdown";
import { defaultsOf } from "./harness";

const ROOT = resolve(__dirname, "../../..");
const read = (file: string) => readFileSync(resolve(ROOT, file), "utf8");
const STACKS = ["dev", "prod"];

/** In the order of the pack, which is that of a report. */
const EVERY_POLICY = [
  ...["region-size", "memory-limit", "cpu-limit", "region-sum", "host-sum"],
  ...["subnets", "published-ports", "region-isolation"],
  ...[
    "known-arguments",
    "hardening",
    "engine-socket",
    "pinned-images",
    "secret-literals",
    "health-checks",
    "stop-grace",
  ],
  ...["data-volumes", "own-volumes", "state-in-volumes", "judged-types"],
];

type StackConfig = Record<string, string | ({ enforcementLevel?: string } & Record<string, unknown>)>;
const configOf = (stack: string) => JSON.parse(read(`policies/config/${stack}.json`)) as StackConfig;

describe.each(STACKS)("stack %s", (stack) => {
  it("is judged by exactly these policies, all of them mandatory", () => {
    const config = configOf(stack);
    const levels = policies.map(({ name, enforcementLevel }) => {
      const own = config[name] ?? config.all;
      const level = typeof own === "string" ? own : own?.enforcementLevel;
      return [name, level ?? enforcementLevel ?? "that of the pack"];
    });
    expect(levels).toEqual(EVERY_POLICY.map((name) => [name, "that of the pack"]));
    expect(read("policies/index.ts")).toContain('enforcementLevel: "mandatory"');
  });

  it("configures what policies there are with keys that they have", () => {
    for (const [name, config] of Object.entries(configOf(stack))) {
      const policy = policies.find((one) => one.name === name);
      expect(policy, name).toBeDefined();
      const keys = Object.keys(policy?.configSchema?.properties ?? {});
      if (typeof config === "object")
        expect(["enforcementLevel", ...keys]).toEqual(expect.arrayContaining(Object.keys(config)));
    }
  });

  it("may have images without a digest only where no player is", () => {
    const { images } = loadPlatform({ projectDir: ROOT, stack }).settings;
    const required = { ...defaultsOf(pinnedImages), ...Object(configOf(stack)["pinned-images"]) };
    expect(required.requireDigest).toBe(images === "registry");
  });

  it("allows the address ranges and the host of its settings, and no others", () => {
    const { networks, host, admission } = loadPlatform({ projectDir: ROOT, stack }).settings;
    const config = configOf(stack);
    expect(config.subnets).toEqual({
      central: [networks.nexus, networks.regional],
      regions: [networks.regions],
    });
    const { cpuOvercommit, reserve } = admission;
    const rules = {
      cpuOvercommit,
      reserveCpuMillis: reserve.cpuMillis,
      reserveMemoryBytes: reserve.memoryBytes,
      reserveDiskBytes: reserve.diskBytes,
    };
    // Without a declared host, the policy says that it did not judge.
    expect(config["host-sum"]).toEqual(host && { ...host, ...rules });
  });
});

describe("docs/policies.md", () => {
  const rows = tableRows(read("docs/policies.md"), "policy");

  it("lists the pack: name, level, configuration keys promise", () => {
    const expected = policies.map((policy) => [
      policy.name,
      "mandatory",
      Object.keys(defaultsOf(policy)).join(", ") || "none",
      policy.description.replaceAll("`", ""),
    ]);
    expect(rows.map(([name, level, keys, promise]) => [name, level, keys, promise])).toEqual(expected);
  });
});

describe("every policy", () => {
  it("says in one sentence what it promises, and gives every key of its configuration a default", () => {
    for (const policy of policies) {
      expect(policy.description, policy.name).toMatch(/^[A-Z][^.]*\.$/);
      for (const [key, value] of Object.entries(defaultsOf(policy))) {
        expect(value, `${policy.name}.${key}`).toBeDefined();
      }
    }
  });
});
