import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { capacityCommand } from "../../../cli/commands/capacity";
import { costCommand } from "../../../cli/commands/cost";
import { destroyCommand } from "../../../cli/commands/destroy";
import { imagesPinCommand } from "../../../cli/commands/imagesPin";
import { previewCommand } from "../../../cli/commands/preview";
import { regionCommand } from "../../../cli/commands/region";
import { startCommand } from "../../../cli/commands/start";
import { upCommand } from "../../../cli/commands/up";
import { verifyCommand } from "../../../cli/commands/verify";
import { COMMANDS, needsOf } from "../../../setup/commands";
import { commandHelp, generalHelp } from "../../../setup/help";

const EVERYTHING = ["npm packages", "pulumi", "providers", "system packages", "docker", "images"];
const TESTS = [...EVERYTHING, "test servers"];
const TOOLCHAIN = ["npm packages", "pulumi", "providers"];

describe("needsOf", () => {
  it.each([
    ["start", [], EVERYTHING],
    ["up", ["--yes"], EVERYTHING],
    ["test", [], TESTS],
    ["bench", [], EVERYTHING],
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

  it("know exactly the options that the command itself knows", () => {
    for (const make of [
      startCommand,
      previewCommand,
      upCommand,
      verifyCommand,
      destroyCommand,
      capacityCommand,
      costCommand,
      imagesPinCommand,
    ]) {
      const command = make(() => {});
      const theirs = command.options.map(({ short, long }) => [short, long].filter(Boolean).join(", "));
      const ours = COMMANDS[command.name()]?.options.map(([spec]) => spec.split("=")[0]);
      expect([command.name(), ours?.sort()]).toEqual([command.name(), theirs.sort()]);
    }
  });

  it("know exactly the commands of a command", () => {
    const theirs = regionCommand(() => {}).commands.map((command) => command.name());
    const ours = COMMANDS.region?.commands?.map(([words]) => words.split(" ")[0]);
    expect(ours).toEqual(theirs);
    for (const [words] of COMMANDS.region?.commands ?? []) expect(commandHelp("region")).toContain(words);
  });

  it("all explain themselves", () => {
    for (const [name, command] of Object.entries(COMMANDS)) {
      expect(generalHelp()).toContain(command.npm);
      expect(commandHelp(name)).toContain(command.summary);
      for (const [option] of command.options) expect(commandHelp(name)).toContain(option.replace("=", " "));
    }
  });
});
