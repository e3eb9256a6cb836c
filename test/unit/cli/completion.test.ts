import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { completionCommand } from "../../../cli/commands/completion";
import { destroyCommand } from "../../../cli/commands/destroy";
import { previewCommand } from "../../../cli/commands/preview";
import { regionCommand } from "../../../cli/commands/region";
import { bashScript } from "../../../cli/completion";
import { tempFolder } from "../regions/tempFolder";

const program = new Command("nexus");
for (const make of [previewCommand, destroyCommand, regionCommand, completionCommand]) {
  program.addCommand(make(() => {}));
}

function projectWith(regions: string[]): string {
  const files = regions.map((path) => [path, ""]);
  return tempFolder({
    "Pulumi.yaml": "",
    "Pulumi.dev.yaml": "config:\n  nexus:images: local\n",
    "Pulumi.prod.yaml": "config:\n  nexus:regionsDir: 'elsewhere' # ours\n",
    ...Object.fromEntries(files),
  });
}

/** What bash offers for the last of these words. */
function complete(root: string, ...words: string[]): string[] {
  const script = `${bashScript(program, root)}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    cd "$HOME" && { _nexus; printf '%s\\n' "\${COMPREPLY[@]}"; }`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", script, "bash", "nexus", ...words], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: root },
  });
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter(Boolean);
}

describe("completion in bash", () => {
  const regions = ["regions/dev/aurora.yaml", "regions/dev/borealis.yaml", "elsewhere/vega.yaml"];
  it.each<[string[], string[]]>([
    [["p"], ["preview", "pulumi"]],
    [["re"], ["region"]],
    [["images"], ["images:build", "images:pin"]],
    [
      ["images", ":"],
      ["build", "pin"],
    ],
    [["images", ":", "p"], ["pin"]],
    [["images", ":", "pin", ""], []],
    [["test", "--project", "u"], ["unit"]],
    [["bench", "re"], ["resize"]],
    [
      ["region", ""],
      ["list", "show", "add", "scale", "remove", "config"],
    ],
    [
      ["region", "s"],
      ["show", "scale"],
    ],
    [
      ["region", "scale", ""],
      ["aurora", "borealis"],
    ],
    [["region", "scale", "b"], ["borealis"]],
    [["region", "--", "s"], []],
    [["region", "add", ""], []],
    [
      ["region", "add", "nova", "--"],
      "--stack --cwd --format --cpu --memory --disk --players --apply --yes --owner --slot --help".split(" "),
    ],
    [["region", "scale", "aurora", "--m"], ["--memory"]],
    [
      ["region", "list", "--format", ""],
      ["table", "json", "yaml"],
    ],
    [["region", "list", "-f", "j"], ["json"]],
    [["region", "list", "--format", "=", "y"], ["yaml"]],
    [
      ["region", "list", "--format", "="],
      ["table", "json", "yaml"],
    ],
    [
      ["region", "list", "--stack", ""],
      ["dev", "prod"],
    ],
    [["region", "show", "--stack", "prod", ""], ["vega"]],
    [["region", "show", "--stack", "=", "prod", ""], ["vega"]],
    [["region", "show", "--stack=prod", ""], ["vega"]],
    [["region", "show", "--stack=p"], ["--stack=prod"]],
    [
      ["region", "list", "--format="],
      ["--format=table", "--format=json", "--format=yaml"],
    ],
    [["region", "show", "-s", "none", ""], []],
    [["region", "scale", "aurora", "--cpu", ""], []],
    [["preview", "--cwd", "el"], ["elsewhere"]],
    [["preview", "--exp"], ["--expect-no-changes"]],
    [
      ["completion", ""],
      ["bash", "zsh"],
    ],
  ])("%j", (words, offered) => {
    expect(complete(projectWith(regions), ...words)).toEqual(offered);
  });

  it("runs nothing that a file's name says, and offers only what can be a name", () => {
    const root = projectWith([
      "regions/dev/aurora.yaml",
      "regions/dev/$(touch owned).yaml",
      "regions/dev/a b.yaml",
    ]);
    expect(complete(root, "region", "show", "")).toEqual(["aurora"]);
    expect(spawnSync("ls", [root], { encoding: "utf8" }).stdout).not.toContain("owned");
  });

  it("works in a project whose path has spaces and quotes, and defines `nexus`", () => {
    const parent = tempFolder({});
    const root = join(parent, "it's mine");
    symlinkSync(projectWith(["regions/dev/aurora.yaml"]), root);
    expect(complete(root, "region", "remove", "")).toEqual(["aurora"]);
    const run = `node() { printf '%s|' "$@"; }; ${bashScript(program, root)}\nnexus region show 'a b'`;
    expect(spawnSync("bash", ["--norc", "-c", run], { encoding: "utf8" }).stdout).toBe(
      `${join(root, "setup/run.js")}|region|show|a b|`,
    );
  });
});

describe("the command line", () => {
  let root: string;
  beforeAll(() => {
    root = join(__dirname, "../../..");
  });
  it.each(["bash", "zsh"])("prints a script for %s", (shell) => {
    const { stdout, status } = spawnSync(process.execPath, ["setup/cli.js", "completion", shell], {
      cwd: root,
      encoding: "utf8",
    });
    expect(status).toBe(0);
    expect(stdout).toContain(root);
    for (const name of ["start", "up", "pulumi", "region", "scale"]) expect(stdout).toContain(name);
  });
});
