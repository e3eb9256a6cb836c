import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const entry = resolve(__dirname, "../../../setup/run.js");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "setup-entry-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setup(args: string[], env: NodeJS.ProcessEnv = {}) {
  const given = { PATH: process.env.PATH, HOME: folder, NEXUS_CACHE: join(folder, "cache"), ...env };
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    env: given,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("setup/run.js", () => {
  it("has no syntax or module that an old Node does not know", () => {
    expect(readFileSync(entry, "utf8")).not.toMatch(/\?\.|\?\?|node:|async|await| \*\* |\.\.\./);
  });

  it("tells an old Node what to install", () => {
    const pretend = `Object.defineProperty(process, "versions", { value: { node: "18.20.4" } });
      require(${JSON.stringify(entry)});`;
    const { status, stderr } = spawnSync(process.execPath, ["-e", pretend], { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, "Node 18.20.4 is too old: install Node 22.12 or newer.\n"]);
  });

  it("explains itself on standard output", () => {
    const { status, stdout, stderr } = setup(["start", "--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: npm start -- [options]");
    expect(stdout).toContain("--allow-data-loss <region>");
    expect(stdout).toContain("Sets up first what is not there of: npm packages, pulumi, providers,");
    expect(stderr).toBe("");
  });

  it.each([
    [["nonsense"], '"nonsense" is not a command'],
    [["up", "--stack", "nonsense"], "no readable settings file Pulumi.nonsense.yaml"],
  ])("ends %j with exit code 2 and one line", (args, message) => {
    const { status, stdout, stderr } = setup(args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
  });

  it("has a command's arguments looked at before anything is set up for it", () => {
    const { status, stdout, stderr } = setup(["up", "--nonsense"], { NEXUS_TOOLCHAIN: "vendor" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe("error: unknown option '--nonsense'\n--help says what there is.\n");
    expect(setup(["cost", "--citizens", "-1", "--dry-run"]).stderr).toContain("--citizens");
  });

  it("says what a bare machine would get, and changes nothing", () => {
    const { status, stdout } = setup(["preview", "--dry-run"], { NEXUS_TOOLCHAIN: "vendor" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/- pulumi: would install Pulumi [\d.]+ with the vendor/);
    expect(stdout).toMatch(/- providers: would install the Pulumi providers docker [\d.]+ and random [\d.]+/);
    expect(stdout).toContain("Nothing was changed.");
    expect(existsSync(join(folder, "cache"))).toBe(false);
  });

  it("names every reason at once why a machine cannot be used", () => {
    const { status, stderr } = setup(["up"], {
      NEXUS_TOOLCHAIN: "path",
      PATH: "",
      DOCKER_HOST: "unix:///no/such.sock",
    });
    expect(status).toBe(2);
    expect(stderr).toContain('NEXUS_TOOLCHAIN is "path", but there is no pulumi on the PATH.');
    expect(stderr).toContain("No Docker Engine answers at unix:///no/such.sock, which DOCKER_HOST names");
  });
});
