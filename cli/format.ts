import { Option } from "commander";
import { stringify } from "yaml";

/** How a command prints what it found or did: for people, or one document for programs. */
const FORMATS = ["table", "json", "yaml"] as const;
export type Format = (typeof FORMATS)[number];

/** `--format table|json|yaml`. */
export function formatOption(byDefault: Format = "table"): Option {
  return new Option("-f, --format <format>", "table for people, json or yaml for programs")
    .choices(FORMATS)
    .default(byDefault);
}

/** One document on standard output; the table is only made when it is wanted. */
export function print(format: Format, data: unknown, table: () => string): void {
  const text = { table, json: () => JSON.stringify(data, null, 2), yaml: () => stringify(data).trimEnd() }[
    format
  ]();
  if (text !== "") process.stdout.write(`${text}\n`);
}
