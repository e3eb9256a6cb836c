import { NEXUS } from "../../../catalog/names";
import { show } from "../../../config/refusal";
import { suggest } from "../../../config/suggest";
import type { Platform } from "../../../platform";
import { badInput } from "../../failure";
import { listed } from "../../words";
import { type Deployment, nameOf, resourcesOf } from "../pulumi/deployment";
import { REGION_PREFIX, REGION_TYPE } from "./area";
import type { AreaImpact } from "./impact";

/** Does the report hold something that `up` will not do? */
export function isRefused(report: AreaImpact[]): boolean {
  return report.some(({ refused }) => refused.length > 0);
}

/**
 * Refuses a permission for a region that the stack does not have: a misspelt one would be ignored in silence.
 * @param allowed regions given with --allow-data-loss
 * @throws Failure (bad input) with each unknown name and the regions of the files and of the state
 */
export function requireKnown(allowed: string[], { regions }: Platform, deployment: Deployment): void {
  const running = resourcesOf(deployment, REGION_TYPE).map(({ urn }) =>
    nameOf(urn).slice(REGION_PREFIX.length),
  );
  const known = [...new Set([NEXUS, ...regions.map(({ name }) => name), ...running])];
  const problems = allowed
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = suggest(name, known);
      const advice = near ? ` Did you mean "${near}"?` : "";
      return `--allow-data-loss: ${show(name)} was given; allowed are ${listed(known)}.${advice}`;
    });
  if (problems.length > 0) throw badInput([...problems, "Nothing was changed."].join("\n"));
}

/**
 * Lets a change through only when nothing of it is refused, and every region whose data it would lose was named.
 * @param allowed regions given with --allow-data-loss
 * @throws Failure (bad input) with what is refused, or would be lost
 */
export function requireAllowed(report: AreaImpact[], allowed: string[]): void {
  const refusals = report.flatMap(({ area, refused }) => refused.map((why) => `  ${area}: ${why}.`));
  if (refusals.length > 0) {
    throw badInput(`This change is refused; nothing was changed.\n${refusals.join("\n")}`);
  }
  const refused = report.filter(({ area, losses }) => losses.length > 0 && !allowed.includes(area));
  if (refused.length === 0) return;
  const lost = refused.flatMap(({ area, losses }) => losses.map((loss) => `  ${area}: ${loss}.`));
  const flags = refused.map(({ area }) => `--allow-data-loss ${area}`).join(" ");
  throw badInput(
    `This change would lose data; nothing was changed.\n${lost.join("\n")}\nTo do it all the same, add: ${flags}`,
  );
}
