import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hostCapacity } from "../../../operations/capacity/capacity";
import { loadPlatform } from "../../../platform";
import { explainMoney, explainSpecification } from "../../support/specification";

it("docs/specification.md says what its numbers come to on the host of prod", () => {
  const page = readFileSync(join(process.cwd(), "docs/specification.md"), "utf8");
  const said = page.split("\n").flatMap((line) => (line.startsWith("- ") ? line.slice(2) : []));
  const platform = loadPlatform({ projectDir: process.cwd(), stack: "prod" });
  const { host, prices } = platform.settings;
  if (!host) throw new Error("Pulumi.prod.yaml declares no host");
  const capacity = hostCapacity(platform, { source: "declared", size: host }, []);
  expect(said).toEqual([...explainSpecification(capacity), ...explainMoney(prices, capacity)]);
});
