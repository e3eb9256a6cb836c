import { describe, expect, it } from "vitest";
import { chooseState, type StateQuestion } from "../../../../operations/deploy/state/choose";
import { Failure } from "../../../../operations/failure";

const dev: StateQuestion = { stack: "dev", environment: "staging", env: {}, previewOnly: false };
const prod: StateQuestion = { stack: "prod", environment: "production", env: {}, previewOnly: false };
const login = { backend: "s3://bucket", folder: "/home/me/.pulumi" };

function stopOf(question: StateQuestion): Failure {
  try {
    chooseState(question);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error("chooseState did not stop");
}

describe("a stack that is not in production", () => {
  it("keeps its state and a generated passphrase in .nexus", () => {
    expect(chooseState(dev)).toMatchObject({ kind: "own", passphrase: "generated" });
  });

  it("uses the person's passphrase with its own state", () => {
    expect(chooseState({ ...dev, env: { PULUMI_CONFIG_PASSPHRASE: "" } })).toMatchObject({
      kind: "own",
      passphrase: "given",
    });
  });

  it.each([
    ["PULUMI_BACKEND_URL", { env: { PULUMI_BACKEND_URL: "file:///x" } }, "file:///x"],
    ["backend.url in Pulumi.yaml", { projectBackend: "gs://b" }, "gs://b"],
    ["your pulumi login", { login }, "s3://bucket"],
    ["PULUMI_ACCESS_TOKEN", { env: { PULUMI_ACCESS_TOKEN: "t" } }, "https://api.pulumi.com"],
  ])("lets %s win", (from, given, backend) => {
    expect(chooseState({ ...dev, ...given })).toMatchObject({ kind: "given", from, backend });
  });

  it("asks the variable before the project and the project before the login", () => {
    const all = { ...dev, env: { PULUMI_BACKEND_URL: "file:///x" }, projectBackend: "gs://b", login };
    expect(chooseState(all).from).toBe("PULUMI_BACKEND_URL");
    expect(chooseState({ ...all, env: {} }).from).toBe("backend.url in Pulumi.yaml");
  });

  it("names the folder of the login, as pulumi may look for it elsewhere", () => {
    expect(chooseState({ ...dev, login }).credentials).toBe("/home/me/.pulumi");
  });
});

describe("a stack in production", () => {
  it("takes an empty passphrase for a missing one: that is how a CI system passes a secret that is not there", () => {
    const env = { PULUMI_BACKEND_URL: "s3://b", PULUMI_CONFIG_PASSPHRASE: "" };
    expect(stopOf({ ...prod, env }).kind).toBe("bad-input");
  });

  it("has no default backend: exit code 2 and how to choose one", () => {
    const stop = stopOf(prod);
    expect(stop.kind).toBe("bad-input");
    for (const help of [
      "PULUMI_BACKEND_URL=file://",
      "s3://",
      "pulumi login",
      "PULUMI_CONFIG_PASSPHRASE_FILE",
      "awskms",
    ]) {
      expect(stop.message).toContain(help);
    }
    expect(stop.message).toContain("Nothing was changed");
  });

  it("has no default passphrase either", () => {
    const stop = stopOf({ ...prod, env: { PULUMI_BACKEND_URL: "s3://b" } });
    expect(stop.kind).toBe("bad-input");
    expect(stop.message).toContain("nothing says how its secrets are encrypted");
  });

  it.each([
    [
      "a passphrase file",
      { env: { PULUMI_BACKEND_URL: "s3://b", PULUMI_CONFIG_PASSPHRASE_FILE: "/p" } },
      "given",
    ],
    ["a key service", { env: { PULUMI_BACKEND_URL: "s3://b" }, secretsProvider: "awskms://alias/x" }, "none"],
    ["Pulumi Cloud", { login: { ...login, backend: "https://api.pulumi.com" } }, "none"],
  ])("accepts %s", (_, given, passphrase) => {
    expect(chooseState({ ...prod, ...given })).toMatchObject({ kind: "given", passphrase });
  });

  it.each(["passphrase", "default"])(
    "does not take secretsprovider %s for a key service",
    (secretsProvider) => {
      expect(stopOf({ ...prod, env: { PULUMI_BACKEND_URL: "s3://b" }, secretsProvider }).kind).toBe(
        "bad-input",
      );
    },
  );

  it("is previewed on a throw-away state when no backend is chosen", () => {
    expect(chooseState({ ...prod, previewOnly: true })).toMatchObject({
      kind: "throwaway",
      passphrase: "generated",
    });
  });
});
