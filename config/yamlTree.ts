import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair, visit } from "yaml";
import type { Problem } from "./problems";
import { quote, refusalText } from "./refusal";

/** Something in a file's syntax tree that plain data cannot hold. */
type TreeFault = Omit<Problem, "file">;

type PlaceOf = (offset: number) => { line: number; column: number };

/** The plain data of a document, or what stands in the way of it. */
export function readTree(document: Document.Parsed, at: PlaceOf): { data: unknown; faults: TreeFault[] } {
  const faults: TreeFault[] = [];
  const aliases: number[] = [];
  visit(document, {
    Alias: (_, alias) => {
      aliases.push(startOf(alias));
    },
    Map: (_, map, above) => {
      faults.push(...keyFaults(map.items as Pair[], pathOf([...above, map]), at));
    },
  });
  const [first] = aliases;
  if (first !== undefined) {
    const message = refusalText(
      aliases.length === 1 ? "an alias (*name)" : `${aliases.length} aliases (*name), the first one here,`,
      "a file without aliases",
      "Write each value where it belongs.",
    );
    faults.push({ ...at(first), path: "", message });
  }
  return { data: faults.length === 0 ? document.toJS() : undefined, faults };
}

/** Keys of one map that are repeated, or are no text. */
function keyFaults(pairs: Pair[], path: string[], at: PlaceOf): TreeFault[] {
  const seen = new Map<string, number>();
  return pairs.flatMap(({ key }): TreeFault[] => {
    const offset = startOf(key);
    const name = isScalar(key) ? key.value : undefined;
    if (typeof name !== "string") {
      const given = isScalar(key) ? `the key ${String(name)}` : "a key that is not text";
      const message = refusalText(given, "text as a key", "Put the key in quotes.");
      return [{ ...at(offset), path: path.join("."), message }];
    }
    const earlier = seen.get(name);
    if (earlier !== undefined)
      return [{ ...at(offset), path: [...path, name].join("."), message: repeatedKey(name, at(earlier)) }];
    seen.set(name, offset);
    return [];
  });
}

/** @param nodes from the document down to the last one on the way */
function pathOf(nodes: readonly unknown[]): string[] {
  return nodes.flatMap((node, at) => {
    if (isSeq(node)) return String(node.items.indexOf(nodes[at + 1]));
    return isPair(node) && isScalar(node.key) ? String(node.key.value) : [];
  });
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
