import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, parseDocument } from "yaml";
import { isMap as isDataMap } from "../../config/refusal";
import { parseYaml } from "../../config/yamlSource";

/** A value to set in a region file. */
export interface Edit {
  path: readonly ["players"] | readonly ["resources", "cpu" | "memory" | "disk"];
  value: number | string;
}

/**
 * Sets values in a region file's text. Where there is a value already, every other character stays as it is. A key that
 * is not there is written at the end of its map, and the file anew by the YAML library, which keeps comments, order and
 * quotes, but not the spacing.
 *
 * @returns undefined when no way gives a file with these values and all others as they were
 */
export function setValues(text: string, edits: readonly Edit[]): string | undefined {
  const before = parseYaml(text, "").source?.data;
  if (!isDataMap(before)) return undefined;
  const wanted = edits.reduce(withValue, before);
  const holds = (result: string | undefined): result is string =>
    result !== undefined && isDeepStrictEqual(parseYaml(result, "").source?.data, wanted);
  const exchanged = edits.reduce(exchange, text);
  return holds(exchanged) ? exchanged : [rewrite(exchanged, edits)].find(holds);
}

type Data = Record<string, unknown>;

function withValue(data: Data, { path: [first, second], value }: Edit): Data {
  if (second === undefined) return { ...data, [first]: value };
  const inner = data[first];
  return { ...data, [first]: { ...(isDataMap(inner) ? inner : {}), [second]: value } };
}

function parse(text: string): Document.Parsed {
  return parseDocument(text, { uniqueKeys: false, resolveKnownTags: false });
}

const QUOTES: Record<string, string> = { PLAIN: "", QUOTE_DOUBLE: '"', QUOTE_SINGLE: "'" };

/** Puts a value where another one is, in the same quotes; the text as it is where there is none on a line. */
function exchange(text: string, { path, value }: Edit): string {
  const node = parse(text).getIn(path, true);
  if (!isScalar(node) || !node.range || node.range[0] === node.range[1]) return text;
  const quotes = QUOTES[node.type ?? ""];
  if (quotes === undefined) return text;
  const written = typeof value === "string" ? quotes + value + quotes : String(value);
  return text.slice(0, node.range[0]) + written + text.slice(node.range[1]);
}

function rewrite(text: string, edits: readonly Edit[]): string | undefined {
  const document = parse(text);
  for (const { path, value } of edits) {
    // An empty `resources:` is no map yet, and one with another value never becomes one.
    if (path.length === 2 && document.get(path[0]) == null) document.set(path[0], document.createNode({}));
    if (!isMap(document.getIn(path.slice(0, -1)))) return undefined;
    document.setIn(path, value);
  }
  const written = document.toString({ lineWidth: 0 });
  return text.includes("\r\n") ? written.replace(/\r?\n/g, "\r\n") : written;
}
