import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { hostSum } from "../../../policies/hostSum";
import { CONTAINER } from "../../../policies/kit/resources";
import { policies } from "../../../policies/pack";
import { secretLiterals } from "../../../policies/secretLiterals";
import { type RecordedResource, type Recording, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";
import { container, defaultsOf, judgeAll, type Props, type Resource } from "./harness";

let two: Recording;
beforeAll(async () => {
  two = await record(() => declarePlatform([region("aurora", 1), region("borealis", 2)]));
});

/** As policies see it: secrets are plain text. */
const seen = ({ type, name, inputs }: RecordedResource): Resource => ({
  type,
  name,
  props: revealed(inputs) as Props,
});

describe("the platform as the components declare it", () => {
  it.each(policies.map((policy) => [policy.name, policy] as const))("keeps %s", (_, policy) => {
    const resources = two.resources.map(seen);
    expect(resources.filter(({ type }) => type === CONTAINER)).not.toHaveLength(0);
    expect(judgeAll(policy, resources).filter(({ level }) => level === "policy")).toEqual([]);
  });

  it("is not compared with a host that nobody declared, and the policy says so", () => {
    const [note, ...more] = policies.flatMap((policy) => judgeAll(policy, two.resources.map(seen)));
    expect(note).toMatchObject({ level: "advisory", message: expect.stringMatching(/^not judged: .*host/) });
    expect(more).toEqual([]);
  });

  it("is compared with a declared one, the Nexus and its disk included", () => {
    const host = { cpuMillis: 64_000, memoryBytes: 64e9, diskBytes: 49_999_999_999 };
    const found = judgeAll(hostSum, two.resources.map(seen), { config: host });
    // 50 GB less 20 of reserve and the 10 of a laptop's Nexus: two regions of 10 take all.
    expect(found).toEqual([
      expect.objectContaining({
        message: "diskBytes: the regions have 20000000000, and the host has 19999999999 for them",
      }),
    ]);
    expect(judgeAll(hostSum, two.resources.map(seen), { config: { ...host, diskBytes: 50e9 } })).toEqual([]);
  });

  it("has secrets in all variables that the policy takes for secret ones, and in no other", () => {
    const variables = two
      .ofType(CONTAINER)
      .flatMap(({ inputs }) => inputs.envs as (string | { secret: string })[])
      .flatMap((entry) => (typeof entry === "string" ? [] : [entry.secret.split("=")[0]]));
    expect([...new Set(variables)].sort()).toEqual(defaultsOf(secretLiterals).secretVariables);
  });
});

describe("a message", () => {
  it.each(policies.map((policy) => [policy.name, policy] as const))("of %s repeats no value", (_, policy) => {
    const resources = two.resources.map(seen);
    const bad = [container({ user: "x", volumes: [{ hostPath: "/" }], devices: [{}] }), ...resources].map(
      ({ props, ...rest }) => ({ ...rest, props: marked(props) as Props }),
    );
    for (const { message } of judgeAll(policy, bad)) expect(message).not.toContain(MARK);
  });
});

const MARK = "q7Rm2XvT9bKfL0sZ4wYcN8hJdG5aPeU1";
/** Values that say what a thing is called; messages may name them. */
const NAMES = new Set(["name", "label", "labels"]);

function marked(value: unknown, key = ""): unknown {
  if (NAMES.has(key)) return value;
  if (Array.isArray(value)) return value.map((inner) => marked(inner));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([inner, at]) => [inner, marked(at, inner)]));
  }
  return typeof value === "string" ? `${value}${MARK}` : value;
}

/** The mocks' passwords say what they are for; the provider's are letters and digits. */
const made = (text: string) =>
  text.replace(/secret-of-[\w-]+/g, (name) =>
    createHash("sha512")
      .update(name)
      .digest("base64")
      .replace(/[^A-Za-z0-9]/g, "")
      .slice(0, 40),
  );

function revealed(value: unknown): unknown {
  if (typeof value === "string") return made(value);
  if (Array.isArray(value)) return value.map(revealed);
  if (value === null || typeof value !== "object") return value;
  if ("secret" in value) return revealed(value.secret);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
