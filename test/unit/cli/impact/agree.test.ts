import { describe, expect, it } from "vitest";
import { movesData } from "../../../../cli/impact/agree";
import { previewArgsOf } from "../../../../cli/pulumi/arguments";
import { DOCKER_VOLUME } from "../../../../cli/pulumi/deployment";

describe("movesData", () => {
  const volume = (inputs: object) => ({
    urn: "u",
    type: DOCKER_VOLUME,
    inputs: inputs as Record<string, unknown>,
  });
  const bound = (device: string) => volume({ driverOpts: { device, o: "bind", type: "none" } });

  it("sees a data volume whose folder is elsewhere", () => {
    expect(movesData({ resources: [bound("/srv/nexus/a/db"), bound("/srv/nexus/b/db")] }, "/srv/nexus")).toBe(
      false,
    );
    expect(movesData({ resources: [bound("/srv/nexus/a/db"), bound("/old/b/db")] }, "/srv/nexus")).toBe(true);
    expect(movesData({ resources: [bound("/srv/nexus-2/a/db")] }, "/srv/nexus")).toBe(true);
  });

  it("has nothing to say of volumes without a folder, or of nothing", () => {
    expect(movesData({ resources: [volume({ name: "x-config" }), volume({})] }, "/srv/nexus")).toBe(false);
    expect(movesData({}, "/srv/nexus")).toBe(false);
  });
});

describe("previewArgsOf", () => {
  it.each([
    [
      ["--parallel", "4", "--skip-preview"],
      ["--parallel", "4"],
    ],
    [
      ["-f", "--yes", "--target", "urn"],
      ["--target", "urn"],
    ],
    [["--secrets-provider", "passphrase", "--diff"], ["--diff"]],
    [["--secrets-provider=passphrase", "--continue-on-error=true"], []],
    [[], []],
  ])("%j leaves %j", (given, expected) => {
    expect(previewArgsOf(given)).toEqual(expected);
  });
});
