import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from "yaml";
import { quote, refusalText } from "./refusal";

/** Something in a file's syntax tree that plain data cannot hold. */
export interface TreeFault {
  offset: number;
  path: string;
  /** Takes the translation of offsets to places, for messages that name a second place. */
  message: (at: (offset: number) => { line: number; column: number }) => string;
}

/** The plain data of a document, or what stands in the way. `data` is only complete when there are no faults. */
export function readTree(document: Document.Parsed): { data: unknown; faults: TreeFault[] } {
  const faults: TreeFault[] = [];
  const aliases: number[] = [];
  const data = read(document.contents, [], { faults, aliases });
  const [first] = aliases;
  if (first !== undefined) {
    const message = refusalText(
      aliases.length === 1 ? "an alias (*name)" : `${aliases.length} aliases (*name), the first one here,`,
      "a file without aliases",
      "Write each value where it belongs.",
    );
    faults.push({ offset: first, path: "", message: () => message });
  }
  return { data, faults };
}

interface Findings {
  faults: TreeFault[];
  aliases: number[];
}

function read(node: unknown, path: string[], findings: Findings): unknown {
  if (isAlias(node)) {
    findings.aliases.push(startOf(node));
    return undefined;
  }
  if (isMap(node)) return readMap(node.items as Pair[], path, findings);
  if (isSeq(node)) return node.items.map((item, index) => read(item, [...path, String(index)], findings));
  return isScalar(node) ? node.value : null;
}

function readMap(pairs: Pair[], path: string[], findings: Findings): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  const seen = new Map<string, number>();
  for (const { key, value } of pairs) {
    const offset = startOf(key);
    const name = isScalar(key) ? key.value : undefined;
    if (typeof name !== "string") {
      const given = isScalar(key) ? `the key ${String(name)}` : "a key that is not text";
      const message = refusalText(given, "text as a key", "Put the key in quotes.");
      findings.faults.push({ offset, path: path.join("."), message: () => message });
      read(value, path, findings);
      continue;
    }
    const here = [...path, name];
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      findings.faults.push({ offset, path: here.join("."), message: (at) => repeatedKey(name, at(earlier)) });
    } else {
      seen.set(name, offset);
    }
    entries.push([name, read(value, here, findings)]);
  }
  // Not by assignment: a key such as `__proto__` must become data.
  return Object.fromEntries(entries);
}

function repeatedKey(name: string, { line, column }: { line: number; column: number }): string {
  return refusalText(
    `the key ${quote(name)} a second time (first in line ${line}, column ${column})`,
    "each key once",
    "Remove one of the two.",
  );
}

/** Offset of a value or its key in the file; of the nearest thing around it when there is nothing at that path. */
export function findNode(
  document: Document.Parsed,
  path: readonly (string | number)[],
  kind: "key" | "value",
): number {
  let node: unknown = document.contents;
  let key: unknown;
  for (const segment of path) {
    const next = child(node, segment);
    if (!next) return startOf(key ?? document.contents);
    node = next.value;
    key = next.key ?? node;
  }
  return startOf(kind === "value" && isWritten(node) ? node : (key ?? document.contents));
}

function child(node: unknown, segment: string | number): { key?: unknown; value: unknown } | undefined {
  if (isMap(node)) return (node.items as Pair[]).find(({ key }) => isScalar(key) && key.value === segment);
  const item = isSeq(node) ? node.items[Number(segment)] : undefined;
  return item === undefined ? undefined : { value: item };
}

/** A key without a value has an empty one, which nobody can see. */
function isWritten(node: unknown): boolean {
  const [start, end] = (node as Node | null)?.range ?? [0, 0];
  return end > start;
}

function startOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}
