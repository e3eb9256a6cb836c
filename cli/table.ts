import Table from "cli-table3";
import type { Probe } from "../operations/verify/probe";

const NO_LINES = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};

/**
 * Columns without frames, so that what is in them can be copied and clicked.
 * @param numbers columns, counted from 0, that are aligned to the right
 * @param widths of columns whose texts are wrapped; null: as wide as what is in it
 */
export function columns(rows: string[][], numbers: number[] = [], widths: (number | null)[] = []): string {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const table = new Table({
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: Array.from({ length: width }, (_, index) => (numbers.includes(index) ? "right" : "left")),
    colWidths: widths,
    wordWrap: true,
  });
  table.push(...rows);
  return table.toString().replace(/ +$/gm, "");
}

/** Addresses and whether they answer. */
export function addressTable(probes: Probe[]): string {
  return columns(probes.map(({ what, url, problem }) => [what, url, problem ?? "answers"]));
}
