import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { IMAGE_NAMES } from "../../../catalog/images";
import { resolveImages } from "../../../images/table";
import { OFFICIAL_REFS } from "../../support/officialImages";

const OWN = {
  gameServer: { ref: "registry.example/game:1.4.2" },
  playerClient: { ref: "registry.example/player:1.4.2" },
  adminUi: { ref: "registry.example/admin:1.4.2" },
};
const DIGEST = `sha256:${"a".repeat(64)}`;

describe("the registry's images", () => {
  let projectDir: string;
  beforeEach(() => {
    projectDir = mkdtempSync(join(tmpdir(), "nexus-images-"));
    mkdirSync(join(projectDir, "images"));
  });
  afterEach(() => rmSync(projectDir, { recursive: true }));

  it("are the official ones by exact tag and the operator's own", () => {
    const images = resolveImages("registry", OWN, projectDir);
    expect(Object.keys(images).sort()).toEqual([...IMAGE_NAMES, "worker"].sort());
    expect(images.postgres.ref).toBe(OFFICIAL_REFS.postgres);
    expect(images.gameServer.ref).toBe("registry.example/game:1.4.2");
    const { blackboxExporter, ...onAlpine } = OFFICIAL_REFS;
    for (const ref of Object.values(onAlpine)) expect(ref).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?-alpine3\.\d+$/);
    expect(blackboxExporter).toMatch(/^prom\/blackbox-exporter:v\d+\.\d+\.\d+$/);
  });

  it("carry the digest once it is pinned", () => {
    const digests = { [OFFICIAL_REFS.postgres]: DIGEST };
    writeFileSync(join(projectDir, "images/lock.json"), JSON.stringify({ version: 1, digests }));
    const images = resolveImages("registry", OWN, projectDir);
    expect(images.postgres.ref).toBe(`${OFFICIAL_REFS.postgres}@${DIGEST}`);
    expect(images.redis.ref).toBe(OFFICIAL_REFS.redis);
  });

  it("carry the digest of the operator's own as well", () => {
    const digests = { [OWN.gameServer.ref]: DIGEST, "disk:1.0": DIGEST };
    writeFileSync(join(projectDir, "images/lock.json"), JSON.stringify({ version: 1, digests }));
    const images = resolveImages("registry", OWN, projectDir);
    expect(images.gameServer.ref).toBe(`${OWN.gameServer.ref}@${DIGEST}`);
    expect(images.adminUi.ref).toBe(OWN.adminUi.ref);
    const { disk } = resolveImages("registry", { ...OWN, disk: { ref: "disk:1.0" } }, projectDir);
    expect(disk?.ref).toBe(`disk:1.0@${DIGEST}`);
  });

  it.each(["{", "[]", '{"version":2,"digests":{}}', '{"version":1,"digests":{"redis:7":"sha256:12"}}'])(
    "are refused with a lock file like %s",
    (text) => {
      writeFileSync(join(projectDir, "images/lock.json"), text);
      expect(() => resolveImages("registry", OWN, projectDir)).toThrow(/images\/lock\.json.*images:pin/s);
    },
  );

  it("have the image that keeps disk limits where somebody names one, the local ones always", () => {
    expect(resolveImages("registry", OWN, projectDir).disk).toBeUndefined();
    const own = { ...OWN, disk: { ref: "disk:1" } };
    expect(resolveImages("registry", own, projectDir).disk?.ref).toBe("disk:1");
    expect(resolveImages("local", {}, process.cwd()).disk?.ref).toMatch(/^nexus-local\/disk:[0-9a-f]{12}$/);
  });

  it("let an override replace the user and the health test", () => {
    const gameServer = {
      ref: "game:1",
      user: "5000:5000",
      health: ["CMD", "/check"],
    };
    expect(resolveImages("registry", { ...OWN, gameServer }, projectDir).gameServer).toMatchObject(
      gameServer,
    );
  });
});

describe("the local images", () => {
  it("need no override and run as the users of the official images", () => {
    const images = resolveImages("local", {}, process.cwd());
    for (const image of Object.values(images))
      expect(image.ref).toMatch(/^nexus-local\/[a-z-]+:[0-9a-f]{12}$/);
    expect(images).toMatchObject({
      postgres: { user: "70:70" },
      redis: { user: "999:1000" },
      nginx: { user: "101:101" },
      gameServer: { user: "1000:1000", health: ["CMD", "/app/healthcheck", "server"] },
      playerClient: { user: "101:101" },
      adminUi: { user: "101:101" },
      blackboxExporter: { user: "65534:65534" },
    });
  });

  it("give way to an override, which does not inherit the local image's health test", () => {
    const { gameServer } = resolveImages("local", { gameServer: { ref: "game:1" } }, process.cwd());
    expect(gameServer.ref).toBe("game:1");
    expect(gameServer.health?.[1]).toContain("python");
  });
});
