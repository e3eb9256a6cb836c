import type { AreaImpact } from "../operations/deploy/impact/impact";
import { tableRows, UNCHANGED } from "../operations/deploy/impact/render";
import { columns } from "./table";

const DETAILS_WIDTH = 84;

/** What a change means, for a terminal or a log. */
export function renderText(report: AreaImpact[]): string {
  return report.length === 0 ? UNCHANGED : columns(tableRows(report), [], [null, null, DETAILS_WIDTH]);
}
