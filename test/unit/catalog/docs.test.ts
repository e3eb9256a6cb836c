import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const read = (path: string): string => readFileSync(join(process.cwd(), path), "utf8");

it("the example in docs/adding-a-service.md shows what is in the files", () => {
  const [, example = ""] = read("docs/adding-a-service.md").split("## An example");
  const [text = ""] = example.split("\n## ");
  const blocks = [...text.matchAll(/`([\w./-]+)`[^`]*\n\n```\w+\n([\s\S]*?)```/g)];
  expect(blocks).toHaveLength(6);
  for (const [, path = "", code = ""] of blocks) expect(read(path), path).toContain(code);
});
