import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseYaml } from "../../../../config/yamlSource";
import { type Edit, setValues } from "../../../../operations/lifecycle/yamlEdit";

const CPU: Edit = { path: ["resources", "cpu"], value: 4 };
const MEMORY: Edit = { path: ["resources", "memory"], value: "8GB" };
const DISK: Edit = { path: ["resources", "disk"], value: "40GB" };
const PLAYERS: Edit = { path: ["players"], value: 77 };
const HEAD = "name: aurora\nslot: 1\nowner: x # mine\n";

describe("setValues", () => {
  it.each<[what: string, before: string, edits: Edit[], after: string]>([
    [
      "exchanges values and nothing around them",
      `# top\n${HEAD}resources:   # size\n    memory:   "2GB"   # was 1\n    cpu:  1\n\n# end\nplayers: 5`,
      [CPU, MEMORY, PLAYERS],
      `# top\n${HEAD}resources:   # size\n    memory:   "8GB"   # was 1\n    cpu:  4\n\n# end\nplayers: 77`,
    ],
    [
      "keeps single quotes, anchors and CRLF",
      "name: aurora\r\nslot: 1\r\nowner: x\r\nresources: &size\r\n  cpu: &c 1\r\n  memory: '2GB'\r\n",
      [CPU, MEMORY, DISK],
      "name: aurora\r\nslot: 1\r\nowner: x\r\nresources: &size\r\n  cpu: &c 4\r\n  memory: '8GB'\r\n  disk: 40GB\r\n",
    ],
    [
      "writes missing keys at the end of their maps",
      `${HEAD}resources:\n  cpu: 1 # one\n# rules\nrules: {a: 1}\n`,
      [MEMORY, DISK, PLAYERS],
      `${HEAD}resources:\n  cpu: 1 # one\n  memory: 8GB\n  disk: 40GB\n# rules\nrules: { a: 1 }\nplayers: 77\n`,
    ],
    [
      "writes the whole size",
      `${HEAD}economy: commerce\n`,
      [CPU, DISK],
      `${HEAD}economy: commerce\nresources:\n  cpu: 4\n  disk: 40GB\n`,
    ],
    [
      "writes below the last line without an end",
      "name: a\nowner: x",
      [PLAYERS],
      "name: a\nowner: x\nplayers: 77\n",
    ],
    [
      "writes into a flow map, with a trailing comma too",
      `${HEAD}resources: {cpu: 1, }\n`,
      [CPU, MEMORY],
      `${HEAD}resources: { cpu: 4, memory: 8GB }\n`,
    ],
    [
      "fills an empty flow map",
      `${HEAD}resources: {}\n`,
      [CPU, DISK],
      `${HEAD}resources: { cpu: 4, disk: 40GB }\n`,
    ],
    [
      "writes into a file that is JSON",
      '{"name": "aurora", "slot": 1, "owner": "x"}\n',
      [CPU, PLAYERS],
      '{ "name": "aurora", "slot": 1, "owner": "x", resources: { cpu: 4 }, players: 77 }\n',
    ],
    [
      "keeps markers of the document",
      "\uFEFF---\nname: a\nowner: x\n...\n",
      [PLAYERS],
      "---\nname: a\nowner: x\nplayers: 77\n...\n",
    ],
    [
      "exchanges a repeated value in its own place only",
      `${HEAD}startingCredits: 1000\nplayers: 1000\nlanguage: {players: "1000"}\n`,
      [PLAYERS],
      `${HEAD}startingCredits: 1000\nplayers: 77\nlanguage: {players: "1000"}\n`,
    ],
  ])("%s", (_, before, edits, after) => {
    expect(setValues(before, edits)).toBe(after);
  });

  it.each([
    ["explicit keys", "? name\n: a # the name\n? resources\n: cpu: 1 # one\n  memory: >-\n    2GB\n"],
    ["a folded value", `${HEAD}resources:\n  # the name\n  cpu: 1\n  memory: >-\n    2GB\n`],
  ])("writes anew what it cannot exchange, with its comments: %s", (_, before) => {
    const after = setValues(before, [CPU, MEMORY]) ?? "";
    expect(parseYaml(after, "").source?.data).toMatchObject({ resources: { cpu: 4, memory: "8GB" } });
    expect(after).toContain("# the name");
  });

  it.each([["- a list"], ["a: *nothing"], [""], ["just text"], ["{"]])("does not touch %j", (text) => {
    expect(setValues(text, [CPU])).toBeUndefined();
  });
});

const eol = fc.constantFrom("\n", "\r\n");
const gap = fc.constantFrom("", " ", "    ");
const comment = fc.stringMatching(/^[ -?A-~é☃]{0,20}$/).map((words) => `# ${words}`);
const endOfLine = fc.oneof(
  fc.constant(""),
  comment.map((text) => ` ${text}`),
  fc.constant("   "),
);
const between = fc.array(fc.oneof(fc.constant(""), comment), { maxLength: 2 });
const quotes = fc.constantFrom("", "'", '"');
const others = fc.constantFrom(
  "governance: council",
  "economy: 'commerce'",
  'language: {"greeting": "Hello, # all", currency: x}',
  "rules:\n  list:\n  - a\n  -   b # b\n  nested: { deep: [1, 2,] }",
  "theme:\n   text: |\n     two\n     lines\n   folded: >-\n     one\n     line",
  "startingCredits: 0x100",
  "startingShip: &anchor scout",
);

/** A correct file in every manner of writing; the values to change are marked. */
const written = fc
  .record({
    eol,
    gap,
    quotes,
    blocks: fc.uniqueArray(others, { maxLength: 4 }),
    ends: fc.array(endOfLine, { minLength: 12, maxLength: 12 }),
    between: fc.array(between, { minLength: 9, maxLength: 9 }),
    order: fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { minLength: 9 }),
    inner: fc.shuffledSubarray(["cpu", "memory", "disk"] as const, { minLength: 3 }),
    flow: fc.boolean(),
    last: fc.boolean(),
  })
  .map((form) => {
    const values = { cpu: "@1@", memory: `@${form.quotes}2GB${form.quotes}@`, disk: "@10GB@" };
    const inner = form.inner.map((key) => `${key}:${form.gap || " "}${values[key]}`);
    const end = (index: number): string => form.ends[index] ?? "";
    const size = form.flow
      ? `resources:${form.gap || " "}{${form.gap}${inner.join(` ,${form.gap}`)} }${end(0)}`
      : `resources:${end(0)}\n${inner.map((line, index) => `   ${line}${end(index + 1)}`).join("\n")}`;
    const parts = [
      `name: aurora${end(4)}`,
      `slot:  1${end(5)}`,
      `owner: "x"${end(6)}`,
      `players: @50@${end(7)}`,
      size,
      ...form.blocks,
    ];
    const lines = form.order.flatMap((at, index) =>
      parts[at] === undefined ? [] : [...(form.between[index] ?? []), parts[at]],
    );
    const text = lines.join("\n") + (form.last ? "\n" : "");
    return text.replaceAll("\n", form.eol);
  });

describe("whatever a file looks like", () => {
  it("only the values that were asked for change, to the character", () => {
    fc.assert(
      fc.property(
        written,
        fc.uniqueArray(fc.constantFrom(CPU, MEMORY, DISK, PLAYERS), { minLength: 1 }),
        (marked, edits) => {
          const before = marked.replace(/@(['"]?)([^@'"]*)\1@/g, "$1$2$1");
          fc.pre(parseYaml(before, "").source !== undefined);
          const news: Record<string, string> = {};
          for (const { path, value } of edits) news[path.at(-1) ?? ""] = String(value);
          const expected = marked.replace(
            /(cpu|memory|disk|players)(:\s+)@(['"]?)([^@'"]*)\3@/g,
            (_, key: string, colon: string, quote: string, value: string) =>
              `${key}${colon}${quote}${news[key] ?? value}${quote}`,
          );
          expect(setValues(before, edits)).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
