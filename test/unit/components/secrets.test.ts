import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { derivedPassword } from "../../../components/secrets";
import { adminPasswordIn } from "../../../operations/deploy/pulumi/deployment";
import { CONTAINER, earlier, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

const PASSWORDS = "random:index/randomPassword:RandomPassword";

/** A variable that a server is told, in a new stack or with what an older program left. */
async function toldTo(name: string, variable: string, length?: number): Promise<string | undefined> {
  const seen = await record(
    () => declarePlatform([region("aurora", 1)]),
    length === undefined ? undefined : earlier(length),
  );
  expect(seen.one(PASSWORDS, "region-aurora-passwords").options.ignoreChanges).toContain("length");
  const { envs } = seen.one(CONTAINER, name).inputs as { envs: { secret?: string }[] };
  return envs.flatMap(({ secret }) =>
    secret?.startsWith(`${variable}=`) ? [secret.slice(variable.length + 1)] : [],
  )[0];
}

describe("a region's passwords", () => {
  const jwt = (length?: number) => toldTo("region-aurora-server", "JWT_SECRET", length);
  const database = (length?: number) => toldTo("region-aurora-server", "DATABASE_URL", length);

  it("come from one resource, each another one, as long as they always were", async () => {
    const derived = derivedPassword("secret-of-region-aurora-passwords", "region-aurora-jwt-secret");
    expect(await jwt()).toBe(derived);
    expect(derived).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(await database()).toMatch(/:[A-Za-z0-9]{40}@/);
    expect(await database()).not.toContain(derived);
  });

  it.each([40, 16])("stay what they were where each is a resource already (%i)", async (length) => {
    expect(await jwt(length)).toBe("secret-of-region-aurora-jwt-secret");
    expect(await database(length)).toContain(":secret-of-region-aurora-db-app-password@");
  });
});

describe("the first admin's password", () => {
  const derived = (text: string) =>
    createHmac("sha256", "secret-of-nexus-encryption-key").update(text).digest("hex");

  it("follows from the root key and the name alone, so that a region that comes back has the same", async () => {
    for (const length of [undefined, 16]) {
      expect(await toldTo("region-aurora-server", "ADMIN_PASSWORD", length)).toBe(derived("admin:aurora"));
      expect(await toldTo("nexus-server", "ADMIN_PASSWORD", length)).toBe(derived("admin:central-nexus"));
    }
  });

  it("stays what it was where a stack has one of its own already", async () => {
    const told = await toldTo("region-aurora-server", "ADMIN_PASSWORD", 40);
    expect(told).toBe("secret-of-region-aurora-passwords");
  });

  it("is found in a state whose secrets are decrypted, and only there", () => {
    const server = (name: string, envs: unknown, more = {}) => ({
      urn: `urn:pulumi:s::nexus::${CONTAINER}::${name}`,
      type: CONTAINER,
      inputs: { envs },
      ...more,
    });
    const secret = (value: unknown) => ({
      "4dabf18193072939515e22adb298388d": "1b47",
      plaintext: JSON.stringify(value),
    });
    const resources = [
      server("region-aurora-server", ["A=1", secret("ADMIN_PASSWORD=old")], { delete: true }),
      server("region-aurora-server", ["A=1", secret("ADMIN_PASSWORD=new=1")]),
      server("nexus-server", secret(["ADMIN_PASSWORD=whole list"])),
    ];
    expect(adminPasswordIn({ deployment: { resources } }, "aurora")).toBe("new=1");
    expect(adminPasswordIn({ deployment: { resources } })).toBe("whole list");
    expect(adminPasswordIn({ deployment: { resources } }, "borealis")).toBeUndefined();
    expect(adminPasswordIn({ deployment: {} })).toBeUndefined();
  });
});
