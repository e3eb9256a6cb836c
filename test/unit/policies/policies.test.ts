import { describe, expect, it } from "vitest";
import { policies } from "../../../policies/pack";
import { containers } from "./containers.cases";
import { data } from "./data.cases";
import { hardened } from "./hardening.cases";
import { judgeAll } from "./harness";
import { networks } from "./networks.cases";
import { secrets } from "./secrets.cases";
import { sizes } from "./sizes.cases";

const ALL = [...sizes, ...networks, ...hardened, ...containers, ...secrets, ...data];

it("tests every policy of the pack, each with all kinds of cases", () => {
  expect(ALL.map(({ policy }) => policy.name).sort()).toEqual(policies.map(({ name }) => name).sort());
  for (const { policy, compliant, broken, boundary, unknown } of ALL) {
    for (const kind of [compliant, broken, boundary, unknown]) {
      expect(Object.keys(kind).length, policy.name).toBeGreaterThan(0);
    }
  }
});

describe.each(ALL.map((cases) => [cases.policy.name, cases] as const))("%s", (_, cases) => {
  const { policy, config, compliant, broken, boundary, unknown, configured = {} } = cases;
  const expectOne = (found: ReturnType<typeof judgeAll>, message: RegExp | "passes") => {
    if (message === "passes") return expect(found).toEqual([]);
    expect(found).toEqual([
      expect.objectContaining({ level: "policy", message: expect.stringMatching(message) }),
    ]);
  };

  it.each(Object.entries(compliant))("lets pass: %s", (_, resources) => {
    expect(judgeAll(policy, resources, { config })).toEqual([]);
  });

  it.each(Object.entries({ ...broken, ...boundary }))("judges: %s", (_, [resources, message]) => {
    expectOne(judgeAll(policy, resources, { config }), message);
  });

  it.each(Object.entries(unknown))(
    "does not pass in silence when unknown: %s",
    (_, [resources, level, message]) => {
      const found = judgeAll(policy, resources, { config });
      expect(found).toEqual([expect.objectContaining({ level, message: expect.stringMatching(message) })]);
    },
  );

  it.each(Object.entries(configured))("can be configured: %s", (_, [resources, changes, message]) => {
    expectOne(judgeAll(policy, resources, { config: { ...config, ...changes } }), message);
  });
});
