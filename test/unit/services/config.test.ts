import { describe, expect, it } from "vitest";
import { type Environment, readConfig } from "../../../services/gameserver/config";

const REGION: Environment = {
  SERVICE_TYPE: "region",
  REGION_NAME: "aurora",
  DATABASE_URL: "postgresql://app:pw@db:5432/game",
  REDIS_URL: "redis://app:pw@cache:6379/0",
  JWT_SECRET: "j".repeat(32),
  ADMIN_USERNAME: "admin",
  ADMIN_PASSWORD: "p".repeat(12),
  ARIA_ENCRYPTION_KEY: `${"A".repeat(43)}=`,
};

function problemsOf(env: Environment): string[] {
  const read = readConfig({ ...REGION, ...env });
  return "problems" in read ? read.problems : [];
}

function configOf(env: Environment) {
  const read = readConfig(env);
  if ("problems" in read) throw new Error(read.problems.join("; "));
  return read.config;
}

describe("a game server's environment", () => {
  it("needs no more than the real server's", () => {
    expect(configOf(REGION)).toMatchObject({ service: "region", region: "aurora", poolSize: 10, port: 8080 });
  });

  it("passes the game's settings through as data", () => {
    const { game } = configOf({ ...REGION, GOVERNANCE_TYPE: "council", CUSTOM_RULES: '{"pvp":"$(reboot)"}' });
    expect(game).toMatchObject({ governance: "council", rules: { pvp: "$(reboot)" } });
  });

  it.each<[string, string]>([
    ["SERVICE_TYPE", "server"],
    ["DATABASE_URL", "postgresql+psycopg2://app:secretpw@db/game"],
    ["DATABASE_URL", "not a URL secretpw"],
    ["REDIS_URL", "http://secretpw@cache"],
    ["JWT_SECRET", "secretpw"],
    ["ADMIN_PASSWORD", "secretpw"],
    ["ARIA_ENCRYPTION_KEY", "secretpw"],
    ["SQLALCHEMY_POOL_SIZE", "0"],
    ["MAX_PLAYERS", "many"],
    ["LANGUAGE_PACK", "[]"],
    ["CUSTOM_RULES", "{secretpw"],
    ["REGION_NAME", "Aurora"],
  ])("is refused for %s=%s without repeating the value", (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} `));
    expect(problems[0]).not.toContain("secretpw");
  });

  it("is refused with all problems at once", () => {
    expect(problemsOf({ JWT_SECRET: "", ADMIN_PASSWORD: "", DATABASE_URL: undefined })).toHaveLength(3);
  });

  it("asks a worker for no keys of the web server", () => {
    const { DATABASE_URL, REDIS_URL, REGION_NAME } = REGION;
    expect(configOf({ SERVICE_TYPE: "worker", DATABASE_URL, REDIS_URL, REGION_NAME }).service).toBe("worker");
  });

  it("makes the Nexus need no region name, and a region with a token know where to report", () => {
    expect(configOf({ ...REGION, SERVICE_TYPE: "nexus", REGION_NAME: undefined }).region).toBe("nexus");
    expect(problemsOf({ REGION_TOKEN: "t" })).toEqual([
      "CENTRAL_NEXUS_URL is missing: it must be an http:// URL",
    ]);
    expect(problemsOf({ STORAGE_URL: "http://storage:8080" })).toEqual([
      "STORAGE_TOKEN is missing: it must be the storage's token",
    ]);
  });
});
