import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { BENCHMARKS, COMMANDS } from "../../../setup/commands";
import { tableRows } from "../config/markdown";

const ROOT = resolve(__dirname, "../../..");
const textOf = (file: string) => readFileSync(resolve(ROOT, file), "utf8");
const foldersOf = (folder: string) =>
  readdirSync(resolve(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

it("cli/README.md has every folder and every command of the command line", () => {
  const text = textOf("cli/README.md");
  const table = tableRows(text, "folder or file").map(([first]) => first);
  for (const name of foldersOf("cli")) expect(table.join(" ")).toContain(`${name}/`);
  const [, commands = ""] = text.split("\n\n");
  for (const [name, { runs }] of Object.entries(COMMANDS))
    if (runs === undefined) expect(commands).toContain(name);
});

it("operations/README.md has every folder", () => {
  const rows = tableRows(textOf("operations/README.md"), "folder").map(([first]) => first);
  for (const name of [
    ...foldersOf("operations"),
    ...foldersOf("operations/deploy").map((one) => `deploy/${one}`),
  ])
    expect(rows).toContain(`${name}/`);
});

it("operations neither print nor ask nor end the process", () => {
  const files = readdirSync(resolve(ROOT, "operations"), { recursive: true, encoding: "utf8" });
  const code = files.filter((file) => file.endsWith(".ts")).map((file) => `operations/${file}`);
  expect(code.length).toBeGreaterThan(50);
  expect(code.filter((file) => /process\.(stdout|stderr|stdin|exit)|console\./.test(textOf(file)))).toEqual(
    [],
  );
});

it("bench/README.md has every benchmark", () => {
  expect(tableRows(textOf("bench/README.md"), "name").map(([name]) => name)).toEqual([...BENCHMARKS]);
});
