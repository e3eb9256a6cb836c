import { isAbsolute, relative } from "node:path";

/** A path into a file's data, such as `["resources", "memory"]`. */
export type DataPath = readonly (string | number)[];

/** What is wrong with a value, or lies between values each of which is right by itself. */
export interface Breach {
  path: DataPath;
  message: string;
}

/** One thing that is wrong in a configuration file, and where. */
export interface Problem {
  /** The file as the operator knows it, usually relative to the project folder. */
  file: string;
  /** Counted from 1. Absent when the problem is the file itself. */
  line?: number;
  /** Counted from 1. */
  column?: number;
  /** Dotted path of the value (`resources.memory`), or "" for the file as a whole. */
  path: string;
  /** What was given, what is allowed and what to do. */
  message: string;
}

/** More than this of one file is counted, not printed: nobody reads the 51st, and a broken file may hold thousands. */
const SHOWN_PER_FILE = 50;

/**
 * Every problem of every configuration file, in one error.
 *
 * `message` is the report for a person, one problem a line; `problems` is for programs.
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    const sorted = [...problems].sort(byPlace);
    super(renderReport(sorted));
    this.problems = sorted;
  }
}

/** What messages call a file: its path in the project, or where it is when that is elsewhere. */
export function labelOf(path: string, projectDir: string): string {
  const short = relative(projectDir, path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}

/** `file:line:column` as far as it is known: editors and terminals make it a link. */
export function place(problem: Pick<Problem, "file" | "line" | "column">): string {
  const { file, line, column } = problem;
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** One line: where, which value, what is wrong with it. */
export function renderProblem(problem: Problem): string {
  return [place(problem), problem.path, problem.message].filter((part) => part !== "").join(": ");
}

function renderReport(sorted: Problem[]): string {
  const count = sorted.length === 1 ? "1 problem" : `${sorted.length} problems`;
  const lines = [`${count} in the configuration; nothing was changed.`];
  for (const [file, problems] of Map.groupBy(sorted, ({ file }) => file)) {
    lines.push(...problems.slice(0, SHOWN_PER_FILE).map(renderProblem));
    const hidden = problems.length - SHOWN_PER_FILE;
    if (hidden > 0) lines.push(`${file}: and ${hidden} more problems in this file.`);
  }
  return lines.join("\n");
}

function byPlace(a: Problem, b: Problem): number {
  return (
    compareText(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.path, b.path)
  );
}

/** Order by code unit, not by locale: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
