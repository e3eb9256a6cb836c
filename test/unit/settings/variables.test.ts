import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { OWN_VARIABLES, repeatedVariables, variablesSchema } from "../../../config/gameVariables";
import { CONTAINER, type Recording, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";
import { problems, settings } from "./read";

const GAME = "nexus:imageOverrides:\n  gameServer:\n    ref: a:1\n";

describe("variables of the operator's own", () => {
  it("are texts, and secrets by name alone: their values are Pulumi's", () => {
    const { imageOverrides } = settings(
      `${GAME}    env: {FRONTEND_URL: "https://a.example", EMPTY: ""}\n    nexusEnv:\n      PAYPAL_CLIENT_SECRET: {secure: AAABx}\n`,
    );
    expect(imageOverrides.gameServer?.env).toEqual({
      plain: { EMPTY: "", FRONTEND_URL: "https://a.example" },
      secret: [],
    });
    expect(imageOverrides.gameServer?.nexusEnv).toEqual({ plain: {}, secret: ["PAYPAL_CLIENT_SECRET"] });
  });

  const place = (line: number, column: number, path: string) =>
    `Pulumi.test.yaml:${line}:${column}: nexus:imageOverrides.gameServer.${path}: `;

  it.each([
    ["env: 3", place(5, 12, "env"), "3 was given; allowed is a map of variables."],
    ["env: {A: true}", place(5, 16, "env.A"), 'true was given; allowed is a text. Put it in quotes: "true".'],
    ["env: {1A: x}", place(5, 17, "env.1A"), 'the name "1A" was given; allowed is a name of letters'],
    [
      "env: {JWT_SECRET: {secure: x}}",
      place(5, 25, "env.JWT_SECRET"),
      "JWT_SECRET was given; allowed is a variable that the program does not set itself.",
    ],
    ["env: {DATABASE_URL_PROD: x}", place(5, 32, "env.DATABASE_URL_PROD"), "DATABASE_URL_PROD was given;"],
    [
      "env: {SMTP_PASSWORD: hunter2}",
      place(5, 28, "env.SMTP_PASSWORD"),
      "what looks like a secret was given; allowed is a secret only as an encrypted value.",
    ],
    [
      "env: {MIRROR: 'https://me:hunter2@x/'}",
      place(5, 21, "env.MIRROR"),
      "what looks like a secret was given;",
    ],
    ["env: {A: {b: c}}", place(5, 16, "env.A"), "a map was given; allowed is a text, or an encrypted value."],
    [
      "env: {A: x}\n    regionEnv: {A: y}",
      place(6, 22, "regionEnv.A"),
      "A, which env has as well, was given; allowed is each variable once.",
    ],
  ])("refuses %s", (yaml, where, message) => {
    const found = problems(`${GAME}    ${yaml}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]?.slice(0, where.length + message.length)).toBe(where + message);
    expect(found[0]).not.toContain("hunter2");
  });

  it("may be in both maps of the two kinds of servers", () => {
    expect(repeatedVariables({ nexusEnv: { A: "x" }, regionEnv: { A: "y" } })).toEqual([]);
  });
});

describe("the components", () => {
  const map = (given: Record<string, unknown>) => variablesSchema.parse(given);
  let seen: Recording;
  beforeAll(async () => {
    const overrides = { gameServer: { nexusEnv: { PAYPAL_CLIENT_SECRET: "s3cret" } } };
    pulumi.runtime.setAllConfig({ "nexus:imageOverrides": JSON.stringify(overrides) }, [
      "nexus:imageOverrides",
    ]);
    seen = await record(() =>
      declarePlatform([region("aurora", 1)], true, {
        gameServer: {
          ref: "a:1",
          workerHealth: ["CMD", "true"],
          env: map({ FRONTEND_URL: "https://a.example" }),
          nexusEnv: map({ PAYPAL_CLIENT_SECRET: { secure: "x" } }),
          regionEnv: map({ NPC_SCHEDULER_ENABLED: "true" }),
        },
      }),
    );
  });
  const variablesOf = (name: string): Map<string, unknown> => {
    const { envs } = seen.one(CONTAINER, name).inputs as { envs: (string | { secret: string })[] };
    return new Map(
      envs.map((entry) => {
        const text = typeof entry === "string" ? entry : entry.secret;
        const at = text.indexOf("=");
        const value = text.slice(at + 1);
        return [text.slice(0, at), typeof entry === "string" ? value : { secret: value }];
      }),
    );
  };

  it("give each kind of server its own, secrets as secret outputs, and say which those are", () => {
    const [nexus, server, worker] = ["nexus-server", "region-aurora-server", "region-aurora-worker"].map(
      variablesOf,
    );
    for (const one of [nexus, server, worker]) expect(one?.get("FRONTEND_URL")).toBe("https://a.example");
    expect(nexus?.get("PAYPAL_CLIENT_SECRET")).toEqual({ secret: "s3cret" });
    expect(nexus?.has("NPC_SCHEDULER_ENABLED")).toBe(false);
    for (const one of [server, worker]) {
      expect(one?.get("NPC_SCHEDULER_ENABLED")).toBe("true");
      expect(one?.has("PAYPAL_CLIENT_SECRET")).toBe(false);
    }
    const labels = seen.one(CONTAINER, "nexus-server").inputs.labels as { label: string; value: string }[];
    expect(labels).toContainEqual({ label: "io.sectorwars.secret-variables", value: "PAYPAL_CLIENT_SECRET" });
    expect(labels.map(({ label }) => label)).toEqual(labels.map(({ label }) => label).sort());
  });

  it("set no variable that is not known as the program's own", () => {
    const given = ["FRONTEND_URL", "PAYPAL_CLIENT_SECRET", "NPC_SCHEDULER_ENABLED"];
    const all = ["nexus-server", "region-aurora-server", "region-aurora-worker"].flatMap((name) => [
      ...variablesOf(name).keys(),
    ]);
    const own = new Set(all.filter((name) => !given.includes(name)));
    expect([...own].sort()).toEqual([...OWN_VARIABLES].filter((name) => name !== "DATABASE_URL_PROD").sort());
  });
});
