import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { renderText } from "../../../../../cli/impactTable";
import { requireAllowed } from "../../../../../operations/deploy/impact/gate";
import type { AreaImpact } from "../../../../../operations/deploy/impact/impact";
import { impactOf } from "../../../../../operations/deploy/impact/report";
import { stepsIn } from "../../../../../operations/deploy/impact/steps";

const DOCS = readFileSync(join(__dirname, "../../../../../docs/preview.md"), "utf8");

function recorded(name: string): AreaImpact[] {
  return impactOf(stepsIn(readFileSync(join(__dirname, "recorded", `${name}.jsonl`), "utf8")));
}

function shown(kind: string, name: string): string | undefined {
  return new RegExp(`<!-- ${kind}: ${name} -->\n\`\`\`\n([^]*?)\n\`\`\``).exec(DOCS)?.[1];
}

it.each(["scale", "healthInterval", "remove"])("docs/preview.md shows the report of %s as it is", (name) => {
  expect(shown("report", name)).toBe(renderText(recorded(name)));
});

it("docs/preview.md shows the refusal as it is", () => {
  const text = shown("refusal", "encryptionKey");
  expect(() => requireAllowed(recorded("encryptionKey"), [])).toThrow(text ?? "no refusal is shown");
});
