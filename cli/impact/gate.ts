import { badInput } from "../stop";
import type { AreaImpact } from "./report";

/**
 * Lets a change through only when every region whose data it would lose was named.
 * @param allowed regions given with --allow-data-loss
 * @throws Stop (exit code 2) with what would be lost
 */
export function requireAllowed(report: AreaImpact[], allowed: string[]): void {
  const refused = report.filter(({ area, losses }) => losses.length > 0 && !allowed.includes(area));
  if (refused.length === 0) return;
  const lost = refused.flatMap(({ area, losses }) => losses.map((loss) => `  ${area}: ${loss}.`));
  const flags = refused.map(({ area }) => `--allow-data-loss ${area}`).join(" ");
  throw badInput(
    `This change would lose data; nothing was changed.\n${lost.join("\n")}\nTo do it all the same, add: ${flags}`,
  );
}
