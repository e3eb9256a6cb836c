/** One line of the report that our commands print for bad input. */
export interface ReportLine {
  /** `file:line:column`, as far as known. */
  place: string;
  message: string;
}

/** The lines after the report's heading. */
export function reportLines(stderr: string): { heading: string; lines: ReportLine[] } {
  const [heading = "", ...rest] = stderr.trimEnd().split("\n");
  const lines = rest.map((line) => {
    const [, place = "", message = ""] = /^((?:[^:\s]+)(?::\d+:\d+)?): (.*)$/.exec(line) ?? [];
    return { place, message: place === "" ? line : message };
  });
  return { heading, lines };
}
