import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { keysOf, leavesOf } from "../../../config/check";
import { settingsSchema } from "../../../config/settingsSchema";
import { formatCpu, formatSize } from "../../../config/units";
import { parseSettings } from "../../support/settings";
import { tableRows } from "../config/markdown";

const DOCS = readFileSync(resolve(__dirname, "../../../docs/settings.md"), "utf8");

/** One row for all roles: they have the same keys. */
const ROLES = keysOf(settingsSchema, ["imageOverrides"]);

describe("docs/settings.md", () => {
  const rows = tableRows(DOCS, "setting");

  it("lists exactly the settings of the code", () => {
    const leaves = leavesOf(settingsSchema).map((leaf) =>
      leaf.replace(/^imageOverrides\.\w+/, "imageOverrides.<role>"),
    );
    expect(rows.map(([key]) => key).sort()).toEqual([...new Set(leaves)].sort());
  });

  it("names the roles of image overrides", () => {
    for (const role of ROLES) expect(DOCS).toContain(`\`${role}\``);
  });

  it("states the defaults of the code", () => {
    const { admission, ...rest } = parseSettings("<stack>", {});
    const { cpuMillis, memoryBytes, diskBytes } = admission.reserve;
    // As they are written in a file, and not in the model's units.
    const reserve = {
      cpu: formatCpu(cpuMillis),
      memory: formatSize(memoryBytes),
      disk: formatSize(diskBytes),
    };
    const settings: unknown = { ...rest, admission: { ...admission, reserve } };
    for (const [key = "", byDefault, effect] of rows) {
      const value = key
        .split(".")
        .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], settings);
      const isNone = value === undefined || (Array.isArray(value) && value.length === 0);
      const shown = isNone ? "none" : value === "" ? "empty" : String(value);
      expect([key, byDefault]).toEqual([key, shown]);
      expect(effect?.length, key).toBeGreaterThan(20);
    }
  });
});
