import { describe, expect, it } from "vitest";
import { NAME_RULE, RESERVED, report } from "./problems";
import { regionFile } from "./tempFolder";

describe("names", () => {
  it.each<[name: string, message: string]>([
    ["Aurora", `"Aurora" was given; allowed is ${NAME_RULE}. Use lower case: "aurora".`],
    ["deep_space", `"deep_space" was given; allowed is ${NAME_RULE}. Use "-" in place of "_".`],
    ["deep.space", `"deep.space" was given; allowed is ${NAME_RULE}. Leave out the character ".".`],
    ["-deep", `"-deep" was given; allowed is ${NAME_RULE}. Do not begin or end with "-".`],
    ["deep--space", `"deep--space" was given; allowed is ${NAME_RULE}. Write one "-" in place of several.`],
    ["ab", `"ab" was given; allowed is ${NAME_RULE}. This name has 2; choose a longer one.`],
    [
      "a".repeat(33),
      `"${"a".repeat(33)}" was given; allowed is ${NAME_RULE}. This name has 33; choose a shorter one.`,
    ],
    ["123", `123 was given; allowed is ${NAME_RULE}. Put the name in quotes: "123".`],
    ["''", `"" was given; allowed is ${NAME_RULE}. Write the region's name, such as aurora.`],
    [
      "550e8400-e29b-41d4-a716-446655440000",
      `"550e8400-e29b-41d4-a716-446655440000" was given; allowed is ${NAME_RULE}, but not a UUID. Choose a name that people can say, such as aurora.`,
    ],
    [
      "treaties",
      `"treaties" was given; allowed is any name but ${RESERVED}. Choose another name; the platform uses this one.`,
    ],
  ])("refuses %s", (name, message) => {
    expect(report({ "aurora.yaml": `name: ${name}\nslot: 1\nowner: a\n` })).toContain(
      `aurora.yaml:1:7: name: ${message}`,
    );
  });

  it("must be the file's", () => {
    expect(report({ "auror.yaml": regionFile("aurora", 1) })).toEqual([
      'auror.yaml:1:7: name: "aurora" in the file "auror.yaml" was given; allowed is the file\'s name without .yaml. Rename the file to aurora.yaml, or correct the name.',
    ]);
  });
});
