import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loginFor } from "../../../images/login";
import { digestOf, isLocalImage, registryOf } from "../../../images/reference";

const HUB = "https://index.docker.io/v1/";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("an image's name", () => {
  it.each([
    ["redis:7", "docker.io"],
    ["sectorwars/game:1", "docker.io"],
    ["docker.io/library/redis:7", "docker.io"],
    ["index.docker.io/library/redis:7", "docker.io"],
    ["localhost/game:1", "localhost"],
    ["localhost:5000/game:1", "localhost:5000"],
    ["10.0.0.5:5000/team/game:1", "10.0.0.5:5000"],
    [`ghcr.io/team/game@sha256:${"a".repeat(64)}`, "ghcr.io"],
  ])("%s is of %s", (ref, registry) => {
    expect(registryOf(ref)).toBe(registry);
  });

  it("tells its digest, and whether a registry can have it", () => {
    expect(digestOf(`game:1@sha256:${"a".repeat(64)}`)).toBe(`sha256:${"a".repeat(64)}`);
    expect(digestOf("game:1")).toBeUndefined();
    expect([isLocalImage("nexus-local/redis:0"), isLocalImage("ghcr.io/nexus-local/redis:0")]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a login", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nexus-login-"));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const env = (): NodeJS.ProcessEnv => ({
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    DOCKER_CONFIG: folder,
  });
  const config = (content: unknown): void =>
    writeFileSync(
      join(folder, "config.json"),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  const helper = (name: string, script: string): void => {
    const file = join(folder, "bin", `docker-credential-${name}`);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const login = async (registry: string, registries?: Parameters<typeof loginFor>[1]["registries"]) =>
    (await loginFor(registry, { registries, projectDir: folder, env: env(), helperMs: 2000 }))?.auth;

  it("is nobody's where Docker has no configuration, an empty one, or one without this registry", async () => {
    expect(await login("ghcr.io")).toBeUndefined();
    config({});
    expect(await login("ghcr.io")).toBeUndefined();
    config({ auths: { "other.example": { auth: base64("a:b") }, "ghcr.io": {} } });
    expect(await login("ghcr.io")).toBeUndefined();
  });

  it.each([
    ["ghcr.io", "ghcr.io", "ghcr.io"],
    ["https://ghcr.io/v1/", "ghcr.io", "ghcr.io"],
    [HUB, "docker.io", HUB],
    ["10.0.0.5:5000", "10.0.0.5:5000", "10.0.0.5:5000"],
  ])("is read as `docker login` wrote it for %s", async (key, registry, serveraddress) => {
    config({ auths: { [key]: { auth: base64("alice:pass:word+/") } } });
    expect(await login(registry)).toEqual({ username: "alice", password: "pass:word+/", serveraddress });
  });

  it("is that of the exact name, where an entry of an earlier Docker is left beside it", async () => {
    const auths = {
      "https://ghcr.io/v1/": { auth: base64("old:o") },
      "ghcr.io": { auth: base64("new:n") },
    };
    config({ auths });
    expect(await login("ghcr.io")).toMatchObject({ username: "new" });
  });

  it("may be a token", async () => {
    config({ auths: { "ghcr.io": { auth: base64("alice:"), identitytoken: "t0ken" } } });
    expect(await login("ghcr.io")).toMatchObject({ identitytoken: "t0ken" });
  });

  it("is asked of the registry's own helper before the common one, and of what is written down last", async () => {
    helper("mine", 'read server; printf \'{"Username":"of-%s","Secret":"s"}\' "$server"');
    helper("common", 'echo "credentials not found in native keychain"; exit 1');
    helper("token", 'echo \'{"ServerURL":"x","Username":"<token>","Secret":"t"}\'');
    config({
      credsStore: "common",
      credHelpers: { "ghcr.io": "mine", "quay.io": "token" },
      auths: { "third.example": { auth: base64("written:down") } },
    });
    expect(await login("ghcr.io")).toMatchObject({ username: "of-ghcr.io", password: "s" });
    expect(await login("quay.io")).toMatchObject({ identitytoken: "t" });
    expect(await login("third.example")).toMatchObject({ username: "written", password: "down" });
    expect(await login("fourth.example")).toBeUndefined();
  });

  it("of the settings comes first, its password without the line's end", async () => {
    config({ auths: { "ghcr.io": { auth: base64("alice:a") } } });
    writeFileSync(join(folder, "password"), "geheim +/\r\n");
    const registries = { "ghcr.io": { username: "bot", passwordFile: "password" } };
    const auth = { username: "bot", password: "geheim +/", serveraddress: "ghcr.io" };
    expect(await login("ghcr.io", registries)).toEqual(auth);
    const hub = { "docker.io": { username: "bot", passwordFile: "password" } };
    expect(await login("docker.io", hub)).toMatchObject({ serveraddress: HUB });
  });

  it.each<[string, unknown, string, RegExp]>([
    [
      "is not JSON",
      '{"auths": {"x": {"auth": "c2VjcmV0',
      "",
      /config\.json: Docker's configuration is not JSON\. Correct it/,
    ],
    [
      "has another form",
      { auths: { "ghcr.io": { auth: 7 } } },
      "",
      /another form than Docker's: auths\.ghcr\.io\.auth/,
    ],
    [
      "holds no base64 of a login",
      { auths: { "ghcr.io": { auth: base64("c2VjcmV0") } } },
      "",
      /auths\.ghcr\.io\.auth is no base64/,
    ],
    [
      "names a helper that is not there",
      { credsStore: "absent" },
      "",
      /docker-credential-absent is not on the PATH \(asked for ghcr\.io\)/,
    ],
    ["names a helper that cannot be one", { credsStore: "../x" }, "", /has a name that no program can have/],
    [
      "names a helper that fails",
      { credsStore: "bad" },
      "echo locked; exit 3",
      /docker-credential-bad failed: locked/,
    ],
    [
      "names a helper that waits for somebody, in a program of its own",
      { credsStore: "bad" },
      "sleep 600; true",
      /docker-credential-bad did not answer within 2 s/,
    ],
    [
      "names a helper that answers nonsense",
      { credsStore: "bad" },
      "echo c2VjcmV0",
      /did not answer with a Username and a Secret/,
    ],
  ])("cannot be had when Docker's configuration %s", async (_, content, script, message) => {
    config(content);
    if (script) helper("bad", script);
    const refused = login("ghcr.io");
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ name: "CredentialError" });
    // What is in there may be a password.
    await expect(refused).rejects.not.toThrow("c2VjcmV0");
  });

  it.each<[string, string | undefined, RegExp]>([
    [
      "is not there",
      undefined,
      /nexus:registries\.ghcr\.io\.passwordFile: .*password does not exist on this machine/,
    ],
    ["is empty", "\n", /on one line/],
    ["has several lines", "user\npassword\n", /on one line, and nothing else/],
  ])("cannot be had when the file of the settings %s", async (_, content, message) => {
    if (content !== undefined) writeFileSync(join(folder, "password"), content);
    const registries = { "ghcr.io": { username: "bot", passwordFile: "password" } };
    await expect(login("ghcr.io", registries)).rejects.toThrow(message);
  });
});
