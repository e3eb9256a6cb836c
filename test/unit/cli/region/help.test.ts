import { describe, expect, it } from "vitest";
import { sizeOptions } from "../../../../cli/region/sizeOptions";
import { nexus } from "../../../support/nexus";

const about = (command: "add" | "scale") =>
  Object.fromEntries(sizeOptions(command).map(({ long, description }) => [long, description]));

describe("the options for a region's size", () => {
  it("say range, default and what a change means", () => {
    expect(about("add")["--players"]).toMatch(
      /^players: 10 to 1000 at once; .*more memory.* \(default: 100\)$/,
    );
    expect(about("add")["--memory"]).toMatch(
      /: 2GB to 16GB; GB is 10\^9 bytes, GiB is 2\^30; .*\(default: 4GB\)$/,
    );
    expect(about("scale")["--cpu"]).toMatch(/: 1 to 8, in steps of 0\.01; .* without a restart$/);
    expect(about("scale")["--disk"]).toMatch(/: 10GB to 100GB; only grows/);
    expect(about("scale")["--players"]).toContain("replaces the region's server and worker");
  });
});

describe("help", () => {
  it.each([
    [["region", "add"], "npm run region -- add [options] <name>"],
    [["start"], "npm start -- [options]"],
  ])("of %j begins with what a person types", (words, usage) => {
    const { code, stdout } = nexus([...words, "--help"]);
    expect([code, stdout.split("\n")[0]]).toEqual([0, `Usage: ${usage}`]);
  });
});
