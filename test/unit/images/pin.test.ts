import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { describe, expect, it, onTestFinished } from "vitest";
import { askDigests, newPins, pinChanges, tagsOf } from "../../../images/pin";
import { run } from "../../support/command";
import { OFFICIAL_REFS } from "../../support/officialImages";
import { refsToPin } from "../../support/pins";

const DIGEST = `sha256:${"a".repeat(64)}`;

const project = (files: Record<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "nexus-pin-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};

describe("what is pinned", () => {
  it("is what a stack takes from a registry by a tag", () => {
    const imageOverrides = {
      redis: { ref: "own/redis:1" },
      adminUi: { ref: `own/admin:1@${DIGEST}` },
      disk: { ref: "nexus-local/disk:1" },
    };
    const official = Object.values(OFFICIAL_REFS).filter((ref) => !ref.startsWith("redis:"));
    expect(tagsOf({ images: "registry", imageOverrides })).toEqual([...official, "own/redis:1"].sort());
    expect(tagsOf({ images: "local", imageOverrides })).toEqual(["own/redis:1"]);
    expect(tagsOf({ images: "local", imageOverrides: {} })).toEqual([]);
  });

  it("is that of all stacks of the project", () => {
    const own = ["admin-ui", "disk", "gameserver", "player-client"].map((name) => `sectorwars/${name}:1.0.0`);
    expect(refsToPin(process.cwd())).toEqual([...Object.values(OFFICIAL_REFS), ...own].sort());
  });
});

describe("asking for digests", () => {
  const asker = (stack: string, answers: Record<string, string>, refs: string[]) => ({
    ...{ stack, refs, logins: { projectDir: "/nowhere", env: { DOCKER_CONFIG: "/nowhere" } } },
    docker: {
      getImage: (ref: string) => ({
        distribution: async () => {
          if (!answers[ref]) throw new Error(`(HTTP code 500) server error - no such host ${stack}`);
          return { Descriptor: { digest: answers[ref] } };
        },
      }),
    } as unknown as Docker,
  });

  it("takes the first stack's answer, and names every stack that got none", async () => {
    const { digests, failures } = await askDigests([
      asker("a", { "r:5/x:1": "sha256:x" }, ["r:5/x:1", "r:5/y:1", "r:5/z:1"]),
      asker("b", { "r:5/y:1": "sha256:y" }, ["r:5/y:1", "r:5/z:1"]),
    ]);
    expect(digests).toEqual({ "r:5/x:1": "sha256:x", "r:5/y:1": "sha256:y" });
    expect(failures.map(({ stack, ref }) => [stack, ref])).toEqual([
      ["a", "r:5/z:1"],
      ["b", "r:5/z:1"],
    ]);
    expect(failures[0]?.why).toMatch(/^r:5 cannot be reached.*\(no such host a\)$/);
  });

  it("says why a login cannot be used, which no registry has said", async () => {
    const folder = project({
      "config.json": '{"credsStore": "bad"}',
      "docker-credential-bad": "#!/bin/sh\necho unauthorized; exit 1\n",
    });
    chmodSync(join(folder, "docker-credential-bad"), 0o755);
    const env = { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` };
    const { failures } = await askDigests([
      { ...asker("a", {}, ["r:5/x:1"]), logins: { projectDir: folder, env } },
    ]);
    expect(failures[0]?.why).toMatch(
      /^\S+config\.json: Docker's credential helper docker-credential-bad failed/,
    );
  });

  it("keeps what could not be asked for, and forgets only what no stack names", () => {
    const before = { "old:1": "1", "same:1": "2", "unanswered:1": "3" };
    const found = { "same:1": "2", "new:1": "4" };
    const wanted = ["same:1", "unanswered:1", "new:1"];
    const now = newPins(before, found, wanted);
    expect(now).toEqual({ "same:1": "2", "unanswered:1": "3", "new:1": "4" });
    expect(newPins(before, found, undefined)).toEqual({ ...before, ...found });
    expect(pinChanges(before, { ...now, "same:1": "5" })).toEqual([
      "new:1: 4",
      "old:1: no stack names it any more",
      "same:1: 5 (was 2)",
    ]);
  });
});

describe("npm run images:pin", () => {
  const pin = (folder: string, ...args: string[]) =>
    run(process.execPath, ["setup/cli.js", "images:pin", "--cwd", folder, ...args], {
      cwd: process.cwd(),
      env: { ...(process.env as Record<string, string>), DOCKER_HOST: "unix:///nowhere/docker.sock" },
    });

  it("asks nobody for stacks of local images", async () => {
    const folder = project({ "Pulumi.dev.yaml": "config:\n  nexus:images: local\n" });
    const { code, stderr } = await pin(folder, "--check");
    expect([code, stderr]).toEqual([0, "images/lock.json is up to date for 0 images.\n"]);
  });

  it("says of each stack why it could not be asked for, and ends with 1", async () => {
    const folder = project({
      "Pulumi.a.yaml": "config:\n  nexus:profile: big\n",
      "Pulumi.b.yaml": "config: {}\n",
      "Pulumi.dev.yaml": "config:\n  nexus:images: local\n",
    });
    const { code, stderr } = await pin(folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ {2}stack a: .*\nPulumi\.a\.yaml:2:18: nexus:profile: /m);
    expect(stderr).toMatch(/^ {2}stack b: .*unix:\/\/\/nowhere\/docker\.sock/m);
  });

  it("refuses a stack that there is not, and one whose settings are wrong, with 2", async () => {
    const folder = project({ "Pulumi.a.yaml": "config:\n  nexus:profile: big\n" });
    const absent = await pin(folder, "--stack", "b");
    expect([absent.code, absent.stderr]).toEqual([2, expect.stringContaining('"b" was given; there are a.')]);
    const wrong = await pin(folder, "--stack", "a");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("Pulumi.a.yaml:2:18")]);
  });
});
