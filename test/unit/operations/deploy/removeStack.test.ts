import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OpenStack } from "../../../../operations/deploy/state/open";
import { removeStack } from "../../../../operations/deploy/state/remove";

vi.mock("../../../../operations/deploy/pulumi/process", () => ({
  capturePulumi: async () => ({ code: 0, stderr: "" }),
}));

const STACKS = ".nexus/state/.pulumi/stacks/nexus";

describe("what is ours of a stack that was removed", () => {
  let projectDir: string;
  beforeEach(() => {
    projectDir = mkdtempSync(join(tmpdir(), "nexus-remove-"));
  });
  afterEach(() => rmSync(projectDir, { recursive: true }));

  function have(...files: string[]): void {
    for (const file of files) {
      mkdirSync(dirname(join(projectDir, file)), { recursive: true });
      writeFileSync(join(projectDir, file), "");
    }
  }

  async function leftOf(stack: string, kind: "own" | "given"): Promise<string[]> {
    const open = { projectDir, project: "nexus", stack, qualified: stack, state: { kind }, place: {} };
    await removeStack(open as OpenStack);
    return readdirSync(projectDir, { recursive: true, encoding: "utf8" })
      .filter((name) => /(passphrase-|\.json$|\.yaml$)/.test(name))
      .sort();
  }

  it.each(["own", "given"] as const)("is the whole folder, when it is the last (%s)", async (kind) => {
    have(".nexus/passphrase-dev", ".nexus/settings/Pulumi.dev.yaml", `${STACKS}/dev.json.bak`);
    await leftOf("dev", kind);
    expect(readdirSync(projectDir)).toEqual([]);
  });

  it.each(["own", "given"] as const)(
    "is not the passphrase of another stack, whose state may be elsewhere (%s)",
    async (kind) => {
      have(".nexus/passphrase-dev", ".nexus/passphrase-staging", ".nexus/settings/Pulumi.dev.yaml");
      expect(await leftOf("dev", kind)).toEqual([".nexus/passphrase-staging"]);
    },
  );

  it("is not what another stack of ours needs", async () => {
    have(".nexus/passphrase-dev", ".nexus/passphrase-two", `${STACKS}/two.json`, `${STACKS}/dev.json.bak`);
    expect(await leftOf("dev", "own")).toEqual([".nexus/passphrase-two", `${STACKS}/two.json`]);
  });

  it("is not the passphrase of a state of ours with the same name, where that in another backend was removed", async () => {
    have(".nexus/passphrase-dev", `${STACKS}/dev.json`);
    expect(await leftOf("dev", "given")).toEqual([".nexus/passphrase-dev", `${STACKS}/dev.json`]);
  });
});
