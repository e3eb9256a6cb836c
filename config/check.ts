import { z } from "zod";
import type { Breach, DataPath, Problem } from "./problems";
import { plain, refusalText, show } from "./refusal";
import { suggest } from "./suggest";
import type { YamlSource } from "./yamlSource";

/** Of one map. A file with more of them is not a misspelt one, and finding what each might mean takes time. */
const MAX_UNKNOWN_KEYS = 50;

/** A place that checks report to: a file, or part of one. */
export interface CheckTarget {
  file: string;
  /** Absent when the data did not come from a file. */
  locate?: YamlSource["locate"];
  /** Path in the file of a path in the data. */
  inFile?: (path: DataPath) => DataPath;
  /** What messages put before a path, such as `nexus:`. */
  prefix?: string;
}

/** The checked value, or every problem. */
export type CheckResult<T> = { value: T; problems?: undefined } | { value?: undefined; problems: Problem[] };

/** Checks data against a schema and says where in the file each problem is. */
export function check<T extends z.ZodType>(
  schema: T,
  data: unknown,
  target: CheckTarget,
): CheckResult<z.output<T>> {
  const result = schema.safeParse(data);
  if (result.success) return { value: result.data };
  return { problems: result.error.issues.flatMap((issue) => toProblems(issue, schema, data, target)) };
}

/** The keys of a schema's map at a path; none where it is not a map. */
export function keysOf(schema: z.ZodType, path: DataPath = []): string[] {
  let inner = unwrap(schema);
  for (const segment of path) {
    const next = inner instanceof z.ZodObject ? inner.shape[segment] : entryOf(inner);
    if (!next) return [];
    inner = unwrap(next as z.ZodType);
  }
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** Dotted paths of all values that are not maps themselves. The documentation's tables are compared with it. */
export function leavesOf(schema: z.ZodType, path: string[] = []): string[] {
  const keys = keysOf(schema, path);
  return keys.length === 0 ? [path.join(".")] : keys.flatMap((key) => leavesOf(schema, [...path, key]));
}

/** What every value of a map with free keys is. */
function entryOf(schema: z.ZodType): z.ZodType | undefined {
  return schema instanceof z.ZodRecord ? (schema.valueType as z.ZodType) : undefined;
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function toProblems(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  data: unknown,
  target: CheckTarget,
): Problem[] {
  const path = issue.path.filter((segment): segment is string | number => typeof segment !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys
      .slice(0, MAX_UNKNOWN_KEYS)
      .map((key) =>
        problemAt(target, { path: [...path, key], message: unknownKey(key, schema, path, target) }, "key"),
      );
  }
  const message = issue.code === "custom" ? issue.message : wrongShape(at(data, path), keysOf(schema, path));
  return [problemAt(target, { path, message })];
}

/**
 * A breach with its place.
 * @param kind the value when that is wrong, the key when the key itself is
 */
export function problemAt(
  target: CheckTarget,
  { path, message }: Breach,
  kind: "key" | "value" = "value",
): Problem {
  const place = target.locate?.(target.inFile?.(path) ?? path, kind);
  const shown = path.map((segment) => plain(String(segment))).join(".");
  return { file: target.file, ...place, path: `${target.prefix ?? ""}${shown}`, message };
}

function unknownKey(key: string, schema: z.ZodType, path: DataPath, { prefix = "" }: CheckTarget): string {
  const here = keysOf(schema, path);
  const near = suggest(key, [...here.map((name) => [...path, name].join(".")), ...leavesOf(schema)]);
  return refusalText(
    "an unknown key",
    `any of ${here.join(", ")}`,
    near ? `Did you mean "${prefix}${near}"?` : "Remove it, or write one of these.",
  );
}

function wrongShape(given: unknown, keys: string[]): string {
  return refusalText(
    show(given),
    keys.length === 0 ? "a map" : `a map with the keys ${keys.join(", ")}`,
    "Write it as indented `key: value` lines.",
  );
}

function at(data: unknown, path: DataPath): unknown {
  return path.reduce<unknown>((value, segment) => {
    const isContainer = typeof value === "object" && value !== null && Object.hasOwn(value, segment);
    return isContainer ? (value as Record<string | number, unknown>)[segment] : undefined;
  }, data);
}
