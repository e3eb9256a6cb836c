import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nexus } from "../../support/nexus";

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "nexus-cli-test-"));
  writeFileSync(join(project, "Pulumi.yaml"), "name: nexus\nruntime: nodejs\n");
  writeFileSync(join(project, "Pulumi.bad.yaml"), "config:\n  nexus:imgaes: local\n");
});
afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

describe("the command line", () => {
  it("explains itself with examples", () => {
    const { code, stdout } = nexus(["up", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain("Exit codes: 0");
  });

  it.each([
    [["up", "--fast"], "unknown option"],
    [["preview", "--stack", "../x"], "is no stack name"],
    [["preview", "--json", "--markdown"], "cannot be used with"],
    [["destroy"], "there is no terminal to ask on"],
    [["start", "--stack", "bad"], "is in production"],
  ])("%j is bad input", (args, words) => {
    const { code, stderr } = nexus([...args, "-C", project]);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("reports wrong settings with their place, as JSON too, and makes nothing", () => {
    const { code, stdout, stderr } = nexus(["up", "--yes", "--json", "--stack", "bad", "-C", project], {
      home: project,
    });
    expect(code).toBe(2);
    expect(stderr).toContain("Pulumi.bad.yaml:2:3");
    expect(JSON.parse(stdout)).toMatchObject({
      result: "bad-input",
      problems: [{ path: "nexus:imageOverrides" }, { line: 2, column: 3 }, {}],
    });
    expect(readdirSync(project).sort()).toEqual(["Pulumi.bad.yaml", "Pulumi.yaml"]);
  });
});
