import Table from "cli-table3";
import type { AreaImpact } from "../operations/deploy/impact/impact";
import { rowsOf, UNCHANGED } from "../operations/deploy/impact/render";
import { NO_LINES } from "./table";

const DETAILS_WIDTH = 84;

/** What a change means, for a terminal or a log. */
export function renderText(report: AreaImpact[]): string {
  if (report.length === 0) return UNCHANGED;
  const table = new Table({
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths: [null, null, DETAILS_WIDTH],
    wordWrap: true,
  });
  for (const area of report) {
    table.push(
      ...rowsOf(area).map(([what, details], index) => [index === 0 ? area.area : "", what, details]),
    );
  }
  const lines = table.toString().split("\n");
  return lines.map((line) => line.trimEnd()).join("\n");
}
