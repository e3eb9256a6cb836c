import { createHmac } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { adminPasswordIn } from "../../../operations/deploy/pulumi/deployment";
import { CONTAINER, record } from "../../support/mocks";
import { declarePlatform, region } from "../../support/platform";

const PASSWORDS = "random:index/randomPassword:RandomPassword";

/** What a server is told, with the state that a resource of an older program has. */
async function toldTo(name: string, legacy: boolean): Promise<string | undefined> {
  const seen = await record(() => {
    // As the engine does for ignored arguments: what was there stays.
    if (legacy) {
      const monitor = pulumi.runtime.getMonitor() as unknown as { mocks: pulumi.runtime.Mocks };
      const { newResource } = monitor.mocks;
      monitor.mocks.newResource = async (args) => {
        const { id, state } = await newResource(args);
        return { id, state: args.name.endsWith("-admin-password") ? { ...state, length: 40 } : state };
      };
    }
    declarePlatform([region("aurora", 1)]);
  });
  expect(seen.one(PASSWORDS, "region-aurora-admin-password").options.ignoreChanges).toContain("length");
  const { envs } = seen.one(CONTAINER, name).inputs as { envs: { secret?: string }[] };
  return envs.flatMap(({ secret }) => secret?.match(/^ADMIN_PASSWORD=(.*)/)?.[1] ?? [])[0];
}

describe("the first admin's password", () => {
  const derived = (text: string) =>
    createHmac("sha256", "secret-of-nexus-encryption-key").update(text).digest("hex");

  it("follows from the root key and the name alone, so that a region that comes back has the same", async () => {
    expect(await toldTo("region-aurora-server", false)).toBe(derived("admin:aurora"));
    expect(await toldTo("nexus-server", false)).toBe(derived("admin:central-nexus"));
  });

  it("stays what it was where a stack has one of its own already", async () => {
    expect(await toldTo("region-aurora-server", true)).toBe("secret-of-region-aurora-admin-password");
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
