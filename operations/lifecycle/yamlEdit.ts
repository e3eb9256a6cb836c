import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";
import { parseYaml } from "../../config/yamlSource";

/** A value to set in a region file. */
export interface Edit {
  path: readonly ["players"] | readonly ["resources", "cpu" | "memory" | "disk"];
  value: number | string;
}

/**
 * Sets values in a region file's text and leaves every other character as it is: comments, order, quotes, indentation
 * and line ends. A key that is not there is written below the one that it belongs to.
 *
 * What is written in so unusual a way that single values cannot be exchanged (explicit keys, folded texts) is written
 * anew by the YAML library, which keeps comments, order and quotes but not the spacing.
 *
 * @returns undefined when no way gives a file with these values and all others as they were
 */
export function setValues(text: string, edits: readonly Edit[]): string | undefined {
  const before = parseYaml(text, "").source?.data;
  if (!isData(before)) return undefined;
  const wanted = edits.reduce(withValue, before);
  const holds = (result: string | undefined): result is string =>
    result !== undefined && isDeepStrictEqual(parseYaml(result, "").source?.data, wanted);
  const spliced = edits.reduce<string | undefined>(
    (current, edit) => (current === undefined ? undefined : splice(current, edit)),
    text,
  );
  return [spliced, rewrite(text, edits)].find(holds);
}

type Data = Record<string, unknown>;

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withValue(data: Data, { path: [first, second], value }: Edit): Data {
  if (second === undefined) return { ...data, [first]: value };
  const inner = data[first];
  return { ...data, [first]: { ...(isData(inner) ? inner : {}), [second]: value } };
}

function parse(text: string): Document.Parsed {
  return parseDocument(text, { uniqueKeys: false, resolveKnownTags: false });
}

/** Keys that a new one is written below, the nearest first. */
const BELOW = {
  resources: ["owner", "slot", "name"],
  players: ["resources", "owner", "slot", "name"],
  cpu: [],
  memory: ["cpu"],
  disk: ["memory", "cpu"],
};

function splice(text: string, { path: [first, second], value }: Edit): string | undefined {
  const root = parse(text).contents;
  if (!isMap(root)) return undefined;
  const outer = find(root, first);
  if (second === undefined) {
    return outer ? exchange(text, outer.value, value) : insert(text, root, first, String(value));
  }
  if (!outer) {
    const line = root.flow ? `{ ${second}: ${value} }` : { key: second, value: String(value) };
    return insert(text, root, first, line);
  }
  if (isEmpty(outer.value) && !root.flow) {
    const indent = indentOf(text, root);
    return indent === undefined
      ? undefined
      : below(text, rangeEnd(outer.key) ?? 0, [`${indent}  ${second}: ${value}`]);
  }
  if (!isMap(outer.value)) return undefined;
  const inner = find(outer.value, second);
  return inner ? exchange(text, inner.value, value) : insert(text, outer.value, second, String(value));
}

function find(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

const QUOTES: Record<string, string> = { QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" };

/** Puts a value where another one is, in the same quotes. */
function exchange(text: string, node: unknown, value: number | string): string | undefined {
  if (!isScalar(node) || !node.range || isEmpty(node)) return undefined;
  const { range } = node;
  const quotes = typeof value === "string" ? QUOTES[node.type ?? ""] : undefined;
  const written = `${quotes ?? ""}${value}${quotes ?? ""}`;
  return text.slice(0, range[0]) + written + text.slice(range[1]);
}

type NewValue = string | { key: string; value: string };

function insert(text: string, map: YAMLMap, key: keyof typeof BELOW, value: NewValue): string | undefined {
  const above = BELOW[key].map((name) => find(map, name)).find((pair) => pair) ?? map.items.at(-1);
  if (map.flow) {
    const at = above ? endOf(above) : (map.range?.[0] ?? 0) + 1;
    const words = `${key}: ${value}`;
    return text.slice(0, at) + (above ? `, ${words}` : ` ${words} `) + text.slice(at);
  }
  const indent = above && indentOf(text, map);
  if (above === undefined || indent === undefined) return undefined;
  const lines =
    typeof value === "string" ? [`${key}: ${value}`] : [`${key}:`, `  ${value.key}: ${value.value}`];
  return below(
    text,
    endOf(above),
    lines.map((line) => indent + line),
  );
}

/** New lines below the one that an offset is on. */
function below(text: string, offset: number, lines: string[]): string {
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const end = endOfLine(text, offset);
  return text.slice(0, end) + lines.map((line) => lineEnd + line).join("") + text.slice(end);
}

/** A key without a value has an empty one. */
function isEmpty(node: unknown): boolean {
  return isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1];
}

/** White space before the first key; undefined when something else is there. */
function indentOf(text: string, map: YAMLMap): string | undefined {
  const key = map.items[0]?.key;
  const start = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start).replace(/^\uFEFF/, "");
  return /^ *$/.test(line) ? line : undefined;
}

/** Offset behind a pair. */
function endOf({ key, value }: Pair): number {
  const last = isMap(value) && !value.flow ? value.items.at(-1) : undefined;
  if (last) return endOf(last);
  return rangeEnd(value) ?? rangeEnd(key) ?? 0;
}

function rangeEnd(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] | null } | null)?.range?.[1];
}

/** Offset of the end of the line, before its line break. */
function endOfLine(text: string, from: number): number {
  // A folded text ends behind its line break.
  const start = text[from - 1] === "\n" ? from - 1 : from;
  const end = text.indexOf("\n", start);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" ? end - 1 : end;
}

function rewrite(text: string, edits: readonly Edit[]): string | undefined {
  const document = parse(text);
  for (const { path, value } of edits) {
    const [first, second] = path;
    const holder = document.get(first);
    if (second !== undefined && holder !== undefined && !isMap(holder)) return undefined;
    document.setIn(path, value);
  }
  const written = document.toString({ lineWidth: 0 });
  return text.includes("\r\n") ? written.replace(/\r?\n/g, "\r\n") : written;
}
