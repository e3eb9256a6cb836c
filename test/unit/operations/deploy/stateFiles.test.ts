import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { findLogin } from "../../../../operations/deploy/state/login";
import { shortName } from "../../../../operations/deploy/state/open";
import { ensurePassphrase } from "../../../../operations/deploy/state/passphrase";
import {
  projectFacts,
  settingsForPulumi,
  stackFacts,
} from "../../../../operations/deploy/state/settingsFile";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexus-cli-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("ensurePassphrase", () => {
  it("makes a file that only its owner can read, and leaves no draft", () => {
    ensurePassphrase(join(folder, "sub", "pass"));
    expect(statSync(join(folder, "sub", "pass")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "sub", "pass"), "utf8").trim()).toMatch(/^[\w-]{43}$/);
    expect(readdirSync(join(folder, "sub"))).toEqual(["pass"]);
  });

  it("keeps the passphrase that is there", () => {
    writeFileSync(join(folder, "pass"), "mine");
    ensurePassphrase(join(folder, "pass"));
    expect(readFileSync(join(folder, "pass"), "utf8")).toBe("mine");
    expect(readdirSync(folder)).toEqual(["pass"]);
  });
});

describe("findLogin", () => {
  const logIn = (where: string, content: string): void => {
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, "credentials.json"), content);
  };

  it("finds none where there is none, or where the file says nothing", () => {
    expect(findLogin({}, folder)).toBeUndefined();
    logIn(join(folder, ".pulumi"), '{"current":""}');
    expect(findLogin({}, folder)).toBeUndefined();
    logIn(join(folder, ".pulumi"), "not json");
    expect(findLogin({}, folder)).toBeUndefined();
  });

  it("finds the login in ~/.pulumi although PULUMI_HOME is elsewhere", () => {
    logIn(join(folder, ".pulumi"), '{"current":"s3://b"}');
    const env = { PULUMI_HOME: join(folder, "cache") };
    expect(findLogin(env, folder)).toEqual({ backend: "s3://b", folder: join(folder, ".pulumi") });
  });

  it("prefers the login in PULUMI_HOME", () => {
    logIn(join(folder, ".pulumi"), '{"current":"s3://b"}');
    logIn(join(folder, "cache"), '{"current":"file:///x"}');
    expect(findLogin({ PULUMI_HOME: join(folder, "cache") }, folder)?.backend).toBe("file:///x");
  });
});

describe("stackFacts", () => {
  it("counts a missing and a broken file as production", () => {
    expect(stackFacts(folder, "x").environment).toBe("production");
    writeFileSync(join(folder, "Pulumi.x.yaml"), "config: [");
    expect(stackFacts(folder, "x").environment).toBe("production");
  });

  it("reads the environment and the secrets provider", () => {
    writeFileSync(
      join(folder, "Pulumi.x.yaml"),
      "secretsprovider: awskms://k\nconfig:\n  nexus:environment: staging\n",
    );
    expect(stackFacts(folder, "x")).toEqual({ environment: "staging", secretsProvider: "awskms://k" });
  });

  it("reads the project's name and backend", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "name: nexus\nbackend:\n  url: gs://b\n");
    expect(projectFacts(folder)).toEqual({ project: "nexus", backend: "gs://b" });
  });
});

describe("settingsForPulumi", () => {
  const settings =
    "# why\nsecretsprovider: awskms://k\nencryptionsalt: v1:x\nconfig:\n  nexus:images: local\n";

  it("drops what the file says about encryption for a state with keys of its own", () => {
    expect(settingsForPulumi(settings, "drop unless used")).toBe("# why\nconfig:\n  nexus:images: local\n");
  });

  it("keeps a complete key service and drops one without its encrypted key", () => {
    const complete = `${settings}encryptedkey: abc\n`;
    expect(settingsForPulumi(complete, "keep")).toBe(complete);
    expect(settingsForPulumi(settings, "keep")).not.toContain("secretsprovider");
    expect(settingsForPulumi(settings, "keep")).toContain("encryptionsalt");
  });

  it("keeps the keys of encrypted values, but in a state that is thrown away: there nobody could read them", () => {
    const encrypted = `encryptionsalt: v1:x\nconfig:\n  nexus:a:\n    b:\n      secure: v1:abc\n    c: {secure: v1:def}\n    d: 1\n`;
    expect(settingsForPulumi(encrypted, "drop unless used")).toBe(encrypted);
    const readable = parse(settingsForPulumi(encrypted, "drop"));
    expect(readable).toEqual({ config: { "nexus:a": { b: "(encrypted)", c: "(encrypted)", d: 1 } } });
  });
});

it("shortName drops organisation and project", () => {
  expect(["dev", "acme/nexus/prod"].map(shortName)).toEqual(["dev", "prod"]);
});
