import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS, needsOf, npmCommand } from "../../../setup/commands";
import { commandHelp, generalHelp } from "../../../setup/help";

const EVERYTHING = ["npm packages", "pulumi", "providers", "system packages", "docker", "images"];
const TESTS = [...EVERYTHING, "test servers"];
const TOOLCHAIN = ["npm packages", "pulumi", "providers"];

describe("needsOf", () => {
  it.each([
    ["start", [], EVERYTHING],
    ["up", ["--yes"], EVERYTHING],
    ["test", [], TESTS],
    ["bench", [], [...EVERYTHING, "benchmark peers"]],
    ["bench", ["add-region", "--regions", "2"], EVERYTHING],
    ["bench", ["add-region", "compose"], [...EVERYTHING, "benchmark peers"]],
    ["preview", [], TOOLCHAIN],
    ["destroy", [], [...TOOLCHAIN, "system packages", "docker"]],
    ["check", [], ["npm packages"]],
    ["verify", [], ["npm packages"]],
    ["region", ["scale", "aurora", "--cpu", "2"], ["npm packages"]],
    ["region", ["scale", "aurora", "--cpu", "2", "--apply", "--yes"], EVERYTHING],
    ["admin-password", ["aurora"], TOOLCHAIN],
    ["completion", ["bash"], ["npm packages"]],
    ["capacity", [], ["npm packages"]],
    ["cost", [], ["npm packages"]],
    ["pulumi", ["stack", "ls"], TOOLCHAIN],
    ["pulumi", ["up"], EVERYTHING],
    ["pulumi", ["refresh"], [...TOOLCHAIN, "system packages", "docker"]],
  ])("%s %j", (name, args, needs) => {
    expect(needsOf(name, args)).toEqual(needs);
  });

  it.each([
    [["--project", "unit"]],
    [["--project=unit"]],
    [["test/unit/setup", "-t=lock"]],
    [["./test/unit"]],
  ])("asks for nothing but packages when only unit tests are selected: %j", (args) => {
    expect(needsOf("test", args)).toEqual(["npm packages"]);
  });

  it.each([
    [["--project", "engine"]],
    [["--project=unit", "--project=engine"]],
    [["setup"]],
    [["--coverage"]],
  ])("asks for everything when engine tests may be selected: %j", (args) => {
    expect(needsOf("test", args)).toEqual(TESTS);
  });
});

describe("the commands", () => {
  it("are the npm scripts, one by one", () => {
    const { scripts } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8"));
    const wanted = Object.keys(COMMANDS).map((name) => [name, `node setup/run.js ${name}`]);
    expect(scripts).toEqual(Object.fromEntries(wanted));
  });

  it("all explain themselves", () => {
    for (const [name, { summary, options = [] }] of Object.entries(COMMANDS)) {
      expect(generalHelp()).toContain(`${npmCommand(name)} `);
      expect(commandHelp(name)).toContain(summary);
      for (const [option] of options) expect(commandHelp(name)).toContain(option.replace("=", " "));
    }
  });
});
