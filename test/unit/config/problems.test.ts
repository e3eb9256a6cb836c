import { describe, expect, it } from "vitest";
import { ConfigError, renderProblem } from "../../../config/problems";

describe("ConfigError", () => {
  it("prints all problems by file, line and column", () => {
    const error = new ConfigError([
      { file: "b.yaml", line: 2, column: 10, path: "slot", message: "B" },
      { file: "a.yaml", line: 10, column: 1, path: "", message: "later" },
      { file: "a.yaml", line: 9, column: 1, path: "x", message: "earlier" },
      { file: "b.yaml", path: "", message: "whole file" },
      { file: "b.yaml", line: 2, column: 9, path: "slot", message: "A" },
    ]);
    expect(error.message.split("\n")).toEqual([
      "5 problems in the configuration; nothing was changed.",
      "a.yaml:9:1: x: earlier",
      "a.yaml:10:1: later",
      "b.yaml: whole file",
      "b.yaml:2:9: slot: A",
      "b.yaml:2:10: slot: B",
    ]);
    expect(error.problems.map(renderProblem)).toEqual(error.message.split("\n").slice(1));
    expect(error.name).toBe("ConfigError");
  });

  it("counts what it does not print, file by file", () => {
    const problems = Array.from({ length: 60 }, (_, i) => ({
      file: "a.yaml",
      line: i + 1,
      path: "k",
      message: "m",
    }));
    const error = new ConfigError([...problems, { file: "b.yaml", path: "", message: "other" }]);
    const lines = error.message.split("\n");
    expect(lines).toHaveLength(1 + 50 + 1 + 1);
    expect(lines.slice(-2)).toEqual(["a.yaml: and 10 more problems in this file.", "b.yaml: other"]);
    expect(error.problems).toHaveLength(61);
  });

  it("says 1 problem", () => {
    expect(new ConfigError([{ file: "a", path: "", message: "m" }]).message).toBe(
      "1 problem in the configuration; nothing was changed.\na: m",
    );
  });
});
