import { describe, expect, it } from "vitest";
import { parseArgs } from "../../../setup/args";
import { SetupProblem } from "../../../setup/problems";

describe("parseArgs", () => {
  it("asks for the general help when no command is named", () => {
    for (const argv of [[], ["help"], ["--help"], ["-h"]]) {
      expect(parseArgs(argv)).toMatchObject({ name: "", help: true });
    }
  });

  it("takes the stack in both spellings and leaves it to the command as well", () => {
    expect(parseArgs(["up", "--stack", "prod", "--yes"])).toEqual({
      name: "up",
      args: ["--stack", "prod", "--yes"],
      help: false,
      dryRun: false,
      stack: "prod",
    });
    expect(parseArgs(["preview", "--stack=prod"]).stack).toBe("prod");
    expect(parseArgs(["preview", "-s", "prod", "-C", "/p"])).toMatchObject({ stack: "prod", project: "/p" });
    expect(parseArgs(["up", "-sprod"]).stack).toBe("prod");
    expect(parseArgs(["start"]).stack).toBe("dev");
  });

  it("keeps --help and --dry-run to itself", () => {
    expect(parseArgs(["start", "--dry-run"])).toMatchObject({ dryRun: true, args: [] });
    expect(parseArgs(["up", "--help", "--nonsense"])).toMatchObject({ help: true, args: ["--help"] });
  });

  it("leaves a command of a command its own help, values and stack", () => {
    const args = ["scale", "aurora", "--cpu", "-1", "--stack", "prod", "--help"];
    expect(parseArgs(["region", ...args])).toMatchObject({ args, help: false, stack: "prod" });
    expect(parseArgs(["region", "--help"])).toMatchObject({ help: true });
    expect(parseArgs(["completion", "bash"])).toMatchObject({ args: ["bash"], help: false });
  });

  it("passes what belongs to Pulumi and to the test runner", () => {
    expect(parseArgs(["pulumi", "up", "-s", "prod", "--help"])).toMatchObject({
      args: ["up", "-s", "prod", "--help"],
      help: false,
      stack: "prod",
    });
    expect(parseArgs(["up", "-y", "--", "--target", "urn"]).args).toEqual(["-y", "--", "--target", "urn"]);
    expect(parseArgs(["pulumi", "--help"])).toMatchObject({ help: true });
    expect(parseArgs(["test", "-t", "a name", "--project", "unit"]).args).toEqual([
      "-t",
      "a name",
      "--project",
      "unit",
    ]);
  });

  it.each([
    [["stat"], /"stat" is not a command: there are start, preview/],
    [["toString"], /is not a command/],
    [["check", "setup"], /`npm run check` takes no arguments/],
  ])("refuses %j", (argv, message) => {
    expect(() => parseArgs(argv)).toThrow(SetupProblem);
    expect(() => parseArgs(argv)).toThrow(message);
  });
});
