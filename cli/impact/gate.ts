import { badInput } from "../stop";
import type { AreaImpact } from "./report";

/** Does the report hold something that `up` will not do? */
export function isRefused(report: AreaImpact[]): boolean {
  return report.some(({ refused }) => refused.length > 0);
}

/**
 * Lets a change through only when nothing of it is refused, and every region whose data it would lose was named.
 * @param allowed regions given with --allow-data-loss
 * @throws Stop (exit code 2) with what is refused, or would be lost
 */
export function requireAllowed(report: AreaImpact[], allowed: string[]): void {
  const refusals = report.flatMap(({ area, refused }) => refused.map((why) => `  ${area}: ${why}.`));
  if (refusals.length > 0) {
    throw badInput(`This change is refused; nothing was changed.\n${refusals.join("\n")}`);
  }
  requireLossesAllowed(report, allowed);
}

function requireLossesAllowed(report: AreaImpact[], allowed: string[]): void {
  const refused = report.filter(({ area, losses }) => losses.length > 0 && !allowed.includes(area));
  if (refused.length === 0) return;
  const lost = refused.flatMap(({ area, losses }) => losses.map((loss) => `  ${area}: ${loss}.`));
  const flags = refused.map(({ area }) => `--allow-data-loss ${area}`).join(" ");
  throw badInput(
    `This change would lose data; nothing was changed.\n${lost.join("\n")}\nTo do it all the same, add: ${flags}`,
  );
}
