import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AreaImpact } from "../../../../../operations/deploy/impact/impact";
import { impactOf } from "../../../../../operations/deploy/impact/report";
import { type Step, stepsIn } from "../../../../../operations/deploy/impact/steps";

/** Events that pulumi logged of previews of a stack with the region "aurora", without what is not looked at. */
export const RECORDED = [
  ...["same", "scale", "add", "profile", "remove", "dataRoot", "healthInterval", "ranges"],
  "encryptionKey",
] as const;
type Recorded = (typeof RECORDED)[number];

export function recorded(name: Recorded): Step[] {
  return stepsIn(readFileSync(join(__dirname, "recorded", `${name}.jsonl`), "utf8"));
}

export function areas(steps: Step[]): Record<string, AreaImpact> {
  return Object.fromEntries(impactOf(steps).map((impact) => [impact.area, impact]));
}

export function areaOf(steps: Step[], area: string): AreaImpact {
  const found = areas(steps)[area];
  if (!found) throw new Error(`The report says nothing of ${area}`);
  return found;
}
