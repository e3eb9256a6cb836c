import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { containersOf, docker, identities, objectsOf } from "../support/containers";
import { type Project, succeeded } from "../support/project";
import { sharedStack } from "../support/shared";
import { engineSuite } from "../support/suite";

const NAME = "delta";

// One story: each test goes on from where the one before it ended.
engineSuite("region commands with --apply", (run) => {
  let project: Project;
  let others: Record<string, string>;

  beforeAll(async () => {
    ({ project } = await sharedStack(run));
    others = identities(await containersOf(project));
  });

  // Other files use this stack with the regions that it began with.
  afterAll(async () => {
    if (!project) return;
    if (!(await objectsOf(project)).networks.includes(`region-${NAME}`)) return;
    await project.cli(["region", "remove", NAME, "--stack", project.stack, "--yes"]);
    await project.up();
    for (const role of ["cache", "db", "storage"]) {
      await docker.getVolume(`${project.prefix}region-${NAME}-${role}-data`).remove();
    }
  });

  const apply = (...args: string[]) =>
    project.cli(["region", ...args, "--stack", project.stack, "--apply", "--yes", "--format", "json"]);
  const file = () => readFileSync(join(project.regionsDir, `${NAME}.yaml`), "utf8");

  it("add a region that runs, in one command and one document", async () => {
    const size = ["--cpu", "1", "--memory", "2GB", "--disk", "10GB", "--players", "50"];
    const outcome = JSON.parse(succeeded(await apply("add", NAME, "--owner", "me", ...size)));
    expect(outcome).toMatchObject({ result: "added", region: { name: NAME }, up: { result: "succeeded" } });
    expect(Object.keys(outcome.up.changes)).toEqual(["create"]);
    const now = identities(await containersOf(project));
    expect(Object.keys(now).filter((name) => !(name in others))).toHaveLength(5);
    expect(now).toMatchObject(others);
    others = now;
  });

  it("scale it while it runs", async () => {
    const outcome = JSON.parse(succeeded(await apply("scale", NAME, "--cpu", "2", "--memory", "4GB")));
    expect(outcome).toMatchObject({
      result: "scaled",
      changes: [
        { key: "cpu", from: "1", to: "2" },
        { key: "memory", from: "2GB", to: "4GB" },
      ],
      up: { result: "succeeded" },
    });
    expect(identities(await containersOf(project))).toEqual(others);
    expect(await project.preview()).toEqual([]);
  });

  it("take the edit back when `up` is refused", async () => {
    const before = file();
    project.writeSettings({ "nexus:dockerHost": "unix:///nowhere/docker.sock" });
    try {
      const { code, stderr } = await apply("scale", NAME, "--cpu", "1");
      expect(code).toBe(2);
      expect(stderr).toContain(`${NAME}.yaml is as it was before`);
      expect(file()).toBe(before);
    } finally {
      project.writeSettings();
    }
  });

  it("take the edit back when a policy refuses it", async () => {
    const before = file();
    const layout = join(project.dir, "catalog/names.ts");
    const text = readFileSync(layout, "utf8");
    writeFileSync(layout, text.replace('securityOpts: ["no-new-privileges:true"],', "securityOpts: [],"));
    try {
      const { code, stdout, stderr } = await apply("scale", NAME, "--cpu", "1");
      expect(code, stderr).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ result: "refused", up: { result: "refused", changes: {} } });
      expect(stderr).toContain("1 policy refuses it (hardening)");
      expect(stderr).toContain(`${NAME}.yaml is as it was before`);
      expect(file()).toBe(before);
    } finally {
      writeFileSync(layout, text);
    }
  });
});
