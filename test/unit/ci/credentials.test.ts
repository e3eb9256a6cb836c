import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = resolve(__dirname, "../../../.ci/deploy/credentials");
// The set-up installs it for the engine tests; unit tests alone run without it.
const missing = ["ssh-keygen", "ssh-agent", "ssh-add"].find((name) => spawnSync(name, ["-?"]).error);
const skipped = missing ? ` [skipped, missing: the program ${missing}]` : "";
let folder: string;
let agent: string | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "credentials-"));
  for (const name of ["home", "temp"]) mkdirSync(join(folder, name));
});
afterEach(() => {
  if (agent) process.kill(Number(agent));
  agent = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function run(given: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync("bash", [script], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      HOME: join(folder, "home"),
      RUNNER_TEMP: join(folder, "temp"),
      GITHUB_ENV: join(folder, "env"),
      ...given,
    },
  });
  return { status, printed: stdout + stderr };
}

/** The variables that later steps get. */
function variables(): Record<string, string> {
  const lines = readFileSync(join(folder, "env"), "utf8").trim().split("\n");
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
}

describe("the credentials of a deploy", () => {
  it("do nothing where none are given", () => {
    expect(run({ DEPLOY_SSH_KEY: "", REGISTRY_PASSWORD: "" })).toEqual({ status: 0, printed: "" });
  });

  it.skipIf(missing)(`hand the key to an agent, so that it is in no file${skipped}`, () => {
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "deploy", "-f", join(folder, "key")]);
    const key = readFileSync(join(folder, "key"), "utf8");
    expect(run({ DEPLOY_SSH_KEY: key })).toEqual({ status: 0, printed: "" });
    const { SSH_AUTH_SOCK, SSH_AGENT_PID } = variables();
    agent = SSH_AGENT_PID;
    const { stdout } = spawnSync("ssh-add", ["-l"], {
      encoding: "utf8",
      env: { ...process.env, SSH_AUTH_SOCK },
    });
    expect(stdout).toContain("deploy (ED25519)");
    const { stdout: found } = spawnSync(
      "grep",
      ["-rl", "PRIVATE KEY", join(folder, "home"), join(folder, "temp")],
      {
        encoding: "utf8",
      },
    );
    expect(found).toBe("");
  });

  it("write certificates and the registry's login for this user alone, and print nothing", () => {
    const { status, printed } = run({
      DOCKER_TLS_CA: "ca",
      DOCKER_TLS_CERT: "cert",
      DOCKER_TLS_KEY: "key",
      REGISTRY_HOST: "registry.example.org",
      REGISTRY_USER: "deploy",
      REGISTRY_PASSWORD: "word:with:colons",
    });
    expect([status, printed]).toEqual([0, ""]);
    const { DOCKER_CERT_PATH = "", DOCKER_TLS_VERIFY, DOCKER_CONFIG = "" } = variables();
    expect(DOCKER_TLS_VERIFY).toBe("1");
    expect(readFileSync(join(DOCKER_CERT_PATH, "key.pem"), "utf8")).toBe("key\n");
    const { auths } = JSON.parse(readFileSync(join(DOCKER_CONFIG, "config.json"), "utf8"));
    const { auth } = auths["registry.example.org"];
    expect(Buffer.from(auth, "base64").toString()).toBe("deploy:word:with:colons");
    for (const file of [join(DOCKER_CERT_PATH, "key.pem"), join(DOCKER_CONFIG, "config.json")])
      expect(statSync(file).mode & 0o077).toBe(0);
  });

  it.each([
    [{ DOCKER_TLS_KEY: "key" }, "DOCKER_TLS_CA DOCKER_TLS_CERT DOCKER_TLS_KEY belong together"],
    [
      { REGISTRY_USER: "deploy", REGISTRY_PASSWORD: "x" },
      "REGISTRY_HOST REGISTRY_USER REGISTRY_PASSWORD belong",
    ],
  ])("stop at half of a pair: %j", (given, message) => {
    const { status, printed } = run(given);
    expect(status).toBe(1);
    expect(printed).toContain(message);
  });

  it.skipIf(missing)(`stop at what is no key${skipped}`, () => {
    const { status, printed } = run({ DEPLOY_SSH_KEY: "no key" });
    expect(status).toBe(1);
    expect(printed).toContain("DEPLOY_SSH_KEY is not a private key");
  });
});
