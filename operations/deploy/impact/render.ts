import { count } from "../../words";
import type { AreaImpact, Restart } from "./impact";

/** What happens, in a word or two, and the details. */
type Row = [what: string, details: string];

export const UNCHANGED = "Nothing changes.";

/** The report for a comment on a pull request. */
export function renderMarkdown(report: AreaImpact[]): string {
  if (report.length === 0) return UNCHANGED;
  const rows = tableRows(report, (area) => `**${area}**`);
  const lines = [["region", "what happens", "details"], ["---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}

/** What happens to each region, a line each; only the first line of a region has its name. */
export function tableRows(report: AreaImpact[], named = (area: string) => area): string[][] {
  return report.flatMap((area) =>
    rowsOf(area).map(([what, details], index) => [index === 0 ? named(area.area) : "", what, details]),
  );
}

function rowsOf(area: AreaImpact): Row[] {
  const rows: Row[] = [
    ...area.losses.map((loss): Row => ["DATA LOSS", loss]),
    ...area.refused.map((refusal): Row => ["REFUSED", refusal]),
    ...lifeRows(area),
    row("changes", area.changes),
    ...inPlaceRows(area.inPlace),
    ...(area.life === "changed" ? restartRows(area.restarts) : []),
    row("later", area.later),
    ...area.pretended.map((lie): Row => ["not done", lie]),
  ];
  return rows.filter(([, details]) => details !== "");
}

function row(what: string, details: string[]): Row {
  return [what, details.join(", ")];
}

function lifeRows({ life, created, removed, kept }: AreaImpact): Row[] {
  const stays = kept.length > 0 ? `its data stays in ${kept.join(", ")}` : "";
  if (life === "created") return [["new", parts(created)]];
  if (life === "removed") return [["taken down", [parts(removed), stays].filter(Boolean).join("; ")]];
  return [row("created", created), row("removed", removed), ["data", removed.length > 0 ? stays : ""]];
}

/** Of a whole region, only its containers have names that say something. */
function parts(names: string[]): string {
  return count(names.filter((name) => !name.includes(" ")).length, "container");
}

/** Containers of which the same changes, in one line. */
function inPlaceRows(inPlace: AreaImpact["inPlace"]): Row[] {
  return grouped(
    inPlace,
    ({ what }) => what.join(" and "),
    ({ container }) => container,
  ).map(([what, containers]) => ["in place", `${what} of ${containers.join(", ")}; nothing restarts`]);
}

function restartRows(restarts: Restart[]): Row[] {
  return grouped(
    restarts,
    ({ why }) => why.join(", "),
    (restart) => `${restart.container} (${duration(restart)})`,
  ).map(([why, containers]) => ["restart", `${containers.join(", ")}: ${why}`]);
}

function duration({ seconds }: Restart): string {
  return seconds === undefined ? "not measured" : `about ${seconds} s`;
}

function grouped<T>(
  entries: T[],
  keyOf: (entry: T) => string,
  show: (entry: T) => string,
): [string, string[]][] {
  return [...Map.groupBy(entries, keyOf)].map(([key, own]) => [key, own.map(show).sort()]);
}
