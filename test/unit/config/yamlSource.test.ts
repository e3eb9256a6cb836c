import { describe, expect, it } from "vitest";
import type { DataPath } from "../../../config/problems";
import { parseYaml } from "../../../config/yamlSource";

const TEXT = `# comment
name: aurora
empty:
quoted: ""
resources:
  cpu: 2
  list: [a, {b: c}]
? longKey
: value
`;

function locate(text: string, path: DataPath, at: "key" | "value"): string {
  const { source } = parseYaml(text, "x.yaml");
  if (!source) throw new Error("the text is not right");
  const { line, column } = source.locate(path, at);
  return `${line}:${column}`;
}

describe("locate", () => {
  it.each<[path: DataPath, at: "key" | "value", place: string]>([
    [["name"], "value", "2:7"],
    [["name"], "key", "2:1"],
    [["empty"], "value", "3:1"],
    [["quoted"], "value", "4:9"],
    [["resources"], "key", "5:1"],
    [["resources"], "value", "6:3"],
    [["resources", "cpu"], "value", "6:8"],
    [["resources", "list", 1], "value", "7:13"],
    [["resources", "list", 1, "b"], "key", "7:14"],
    [["longKey"], "value", "9:3"],
    // Nothing there: the nearest thing around it.
    [["missing"], "value", "2:1"],
    [["resources", "missing"], "value", "5:1"],
    [["resources", "list", 9], "value", "7:3"],
    [["name", "below", "text"], "value", "2:1"],
  ])("%j, the %s, is at %s", (path, at, place) => {
    expect(locate(TEXT, path, at)).toBe(place);
    expect(locate(TEXT.replaceAll("\n", "\r\n"), path, at)).toBe(place);
    expect(locate(`\uFEFF${TEXT}`, path, at)).toBe(place);
  });

  it.each(["", "# only a comment", "null"])("is the file's start for %j", (text) => {
    expect(locate(text, ["name"], "value")).toBe("1:1");
  });

  it("is right behind a very long line", () => {
    expect(locate(`{a: ${"x".repeat(50_000)}, b: 1}`, ["b"], "value")).toBe("1:50010");
  });
});

describe("parseYaml", () => {
  it("gives plain data", () => {
    expect(parseYaml(TEXT, "x.yaml").source?.data).toEqual({
      name: "aurora",
      empty: null,
      quoted: "",
      resources: { cpu: 2, list: ["a", { b: "c" }] },
      longKey: "value",
    });
  });

  it("reads the words that other YAML versions take for something else as text", () => {
    const { source } = parseYaml("a: no\nb: 2001-01-01\nc: 1_000\nd: 08:30\ne: <<\n", "x.yaml");
    expect(source?.data).toEqual({ a: "no", b: "2001-01-01", c: "1_000", d: "08:30", e: "<<" });
  });

  it("does not let data reach the prototype", () => {
    const { source } = parseYaml("__proto__: {admin: true}\n", "x.yaml");
    expect(Object.keys(source?.data as object)).toEqual(["__proto__"]);
    expect((source?.data as { admin?: boolean } | undefined)?.admin).toBeUndefined();
  });

  it("reports keys that are not text, at any depth", () => {
    const problems = parseYaml("a: [{1: x}, {~: y}]\n? [k]\n: z\n", "x.yaml").problems ?? [];
    expect(
      problems.map(({ line, column, message }) => `${line}:${column} ${message.split(" was given")[0]}`),
    ).toEqual(["2:3 a key that is not text", "1:6 the key 1", "1:14 the key null"]);
  });
});
