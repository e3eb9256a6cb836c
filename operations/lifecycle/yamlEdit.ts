import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import { isMap as isDataMap } from "../../config/refusal";
import { parseYaml } from "../../config/yamlSource";

/** A value to set in a region file. */
export interface Edit {
  path: readonly ["players"] | readonly ["resources", "cpu" | "memory" | "disk"];
  value: number | string;
}

/**
 * Sets values in a region file's text. Where there is a value already, every other character stays as it is. A key that
 * is not there is written below the one that it belongs to, and the file anew by the YAML library, which keeps
 * comments, order and quotes, but not the spacing.
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

/** Keys that a new one is written below, the nearest first. */
const BELOW = {
  resources: ["owner", "slot", "name"],
  players: ["resources", "owner", "slot", "name"],
  cpu: [],
  memory: ["cpu"],
  disk: ["memory", "cpu"],
};

function rewrite(text: string, edits: readonly Edit[]): string | undefined {
  const document = parse(text);
  const root = document.contents;
  if (!isMap(root)) return undefined;
  const set = (map: YAMLMap, key: keyof typeof BELOW, value: unknown): void => {
    const keys = map.items.map((pair) => String(pair.key));
    const above = BELOW[key].map((name) => keys.indexOf(name)).find((at) => at >= 0) ?? keys.length - 1;
    if (keys.includes(key)) map.set(key, value);
    else map.items.splice(above + 1, 0, document.createPair(key, value));
  };
  for (const { path, value } of edits) {
    const [first, second] = path;
    if (second === undefined) set(root, first, value);
    else {
      if ((root.get(first) ?? null) === null) set(root, first, document.createNode({}));
      const holder = root.get(first);
      if (!isMap(holder)) return undefined;
      set(holder, second, value);
    }
  }
  const written = document.toString({ lineWidth: 0 });
  return text.includes("\r\n") ? written.replace(/\r?\n/g, "\r\n") : written;
}
