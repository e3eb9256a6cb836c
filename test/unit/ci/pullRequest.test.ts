import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = resolve(__dirname, "../../../.ci/deploy/pullRequest.js");
const SETTINGS = "config:\n  nexus:profile: specification\n  nexus:dockerHost: ssh://deploy@host\n";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pull-request-"));
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "test");
  git("config", "user.email", "test@example.org");
  write({ "regions/prod/lyra.yaml": "name: lyra\n", "Pulumi.prod.yaml": SETTINGS, "index.ts": "// code\n" });
  commit("base");
  git("checkout", "--quiet", "-b", "branch");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
}

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--quiet", "-m", message);
}

/** What the script says of the branch, as the workflow runs it. */
function judge(): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [script, "main", "branch"], { cwd: folder, encoding: "utf8" });
}

describe("what a pull request counts as", () => {
  it("is data when it adds and removes regions, changes settings and the lock file, and writes prose", () => {
    rmSync(join(folder, "regions/prod/lyra.yaml"));
    write({
      "regions/prod/vega.yaml": "name: vega\n",
      "Pulumi.prod.yaml": SETTINGS.replace("specification", "laptop"),
      "images/lock.json": "{}\n",
      "docs/notes.md": "why\n",
    });
    commit("regions");
    const { stdout, stderr } = judge();
    expect([stdout.split("\n")[0], stderr]).toEqual(["kind=data", ""]);
  });

  it("names the tree of the merge, in which the base branch's newer files stay", () => {
    write({ "regions/prod/vega.yaml": "name: vega\n" });
    commit("a region");
    git("checkout", "--quiet", "main");
    write({ "regions/prod/rigel.yaml": "name: rigel\n" });
    commit("another region, later");
    const tree = /^tree=(.+)$/m.exec(judge().stdout)?.[1] ?? "";
    expect(git("ls-tree", "--name-only", `${tree}:regions/prod`).split("\n")).toEqual([
      "lyra.yaml",
      "rigel.yaml",
      "vega.yaml",
    ]);
  });

  it.each([
    ["a program", { "index.ts": "// other code\n" }, "index.ts is neither"],
    ["a workflow", { ".github/workflows/preview.yml": "on: push\n" }, "preview.yml is neither"],
    ["the project file", { "Pulumi.yaml": "backend: {url: s3://mine}\n" }, "Pulumi.yaml is neither"],
    ["a program among the regions", { "regions/load.ts": "// code\n" }, "regions/load.ts is neither"],
    ["another Engine", { "Pulumi.prod.yaml": SETTINGS.replace("@host", "@mine") }, "changes more than"],
    [
      "another key service",
      { "Pulumi.prod.yaml": `secretsprovider: awskms://mine\n${SETTINGS}` },
      "changes more",
    ],
    [
      "settings of others",
      { "Pulumi.prod.yaml": `${SETTINGS}  docker:host: tcp://mine\n` },
      "changes more than",
    ],
    [
      "regions from elsewhere",
      { "Pulumi.prod.yaml": `${SETTINGS}  nexus:regionsDir: /etc\n` },
      "changes more",
    ],
    ["settings that are no YAML", { "Pulumi.prod.yaml": "config: [\n" }, "cannot be read"],
  ])("is code when it changes %s", (_, files, reason) => {
    write(files);
    commit("change");
    const { status, stdout, stderr } = judge();
    expect([status, stdout.split("\n")[0]]).toEqual([0, "kind=code"]);
    expect(stderr).toContain(reason);
  });

  it("is code when a region is a link, which could lead to any file", () => {
    symlinkSync("/etc/hostname", join(folder, "regions/prod/link.yaml"));
    commit("a link");
    const { stdout, stderr } = judge();
    expect(stdout).toContain("kind=code");
    expect(stderr).toContain("regions/prod/link.yaml is not a plain file (mode 120000)");
  });

  it("fails when it cannot be merged", () => {
    write({ "regions/prod/lyra.yaml": "name: one\n" });
    commit("one");
    git("checkout", "--quiet", "main");
    write({ "regions/prod/lyra.yaml": "name: other\n" });
    commit("other");
    const { status, stdout, stderr } = judge();
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("cannot be merged");
  });
});
