import fs from "node:fs";
import { type Document, LineCounter, parseDocument } from "yaml";
import type { DataPath, Problem } from "./problems";
import { plain } from "./refusal";
import { findNode, readTree } from "./yamlTree";

const TOO_DEEP = "data nested too deeply to be read was given; allowed is a map of settings. Flatten it.";

/** Larger files are not read: a region needs under 2 KiB, and game data is bounded to much less than this. */
export const MAX_FILE_BYTES = 64 * 1024;

/** The data of one YAML file, and where in the file each part of it stands. */
export interface YamlSource {
  file: string;
  data: unknown;
  /**
   * The place of a value, or of its key. When there is nothing at that path, of the nearest thing around it.
   * @param at the value when it is wrong, the key when the key itself is wrong
   */
  locate(path: DataPath, at: "key" | "value"): { line: number; column: number };
}

/** Either the data of a file or what is wrong with it. */
export type YamlResult =
  | { source: YamlSource; problems?: undefined }
  | { source?: undefined; problems: Problem[] };

/**
 * Reads a YAML file of bounded size with one document of plain data: text keys that are not repeated, no aliases,
 * no tags.
 *
 * @param path where the file is
 * @param file what messages call it
 */
export function readYaml(path: string, file: string): YamlResult {
  const read = readText(path);
  if (read.text === undefined) return { problems: [{ file, path: "", message: read.message }] };
  return parseYaml(read.text, file);
}

/** {@link readYaml} for text that is already there. */
export function parseYaml(text: string, file: string): YamlResult {
  const size = Buffer.byteLength(text);
  if (size > MAX_FILE_BYTES) return { problems: [{ file, path: "", message: tooLarge(size) }] };
  const lines = new LineCounter();
  // Columns count from the first character that people see, which a byte order mark is not.
  const content = text.replace(/^\uFEFF/, "");
  const whole = (message: string): YamlResult => ({ problems: [{ file, path: "", message }] });
  let document: Document.Parsed;
  try {
    document = parseDocument(content, {
      lineCounter: lines,
      prettyErrors: false,
      // Repeated keys are found by `readTree`, which knows both places and needs no quadratic time.
      uniqueKeys: false,
      resolveKnownTags: false,
    });
  } catch {
    return whole(TOO_DEEP);
  }

  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // The errors after the first one mostly follow from it.
  const syntax = [...document.errors.slice(0, 1), ...document.warnings];
  if (syntax.length > 0) {
    const path = "";
    return {
      problems: syntax.map(({ pos, code, message }) => ({
        ...{ file, ...at(pos[0]), path, message: syntaxMessage(code, message) },
      })),
    };
  }
  const tree = readTree(document, at);
  if (tree.faults.length > 0) return { problems: tree.faults.map((fault) => ({ file, ...fault })) };
  const locate: YamlSource["locate"] = (path, kind) => at(findNode(document, path, kind));
  return { source: { file, data: tree.data, locate } };
}

function readText(path: string): { text: string } | { text?: undefined; message: string } {
  try {
    const status = fs.statSync(path);
    if (!status.isFile()) {
      const kind = status.isDirectory() ? "a folder" : "neither a file nor a link to one";
      return { message: `is ${kind}; allowed is a YAML file. Move or remove it.` };
    }
    if (status.size > MAX_FILE_BYTES) return { message: tooLarge(status.size) };
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fs.readFileSync(path)) };
  } catch (error) {
    return { message: readErrorMessage(error) };
  }
}

function tooLarge(bytes: number): string {
  return `has ${bytes.toLocaleString("en-US")} bytes; allowed are at most ${MAX_FILE_BYTES / 1024} KiB. It was not read; shorten it.`;
}

function readErrorMessage(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT")
    return "does not exist, or is a link to a file that does not exist. Make the file or remove the link.";
  if (code === "ELOOP") return "is a link that leads back to itself. Remove it.";
  if (code === "EACCES" || code === "EPERM")
    return "may not be read by this user. Give it read permission (chmod a+r).";
  if (error instanceof TypeError) return "is not UTF-8 text. Save it as UTF-8.";
  return `could not be read (${code ?? "unknown error"}). Check the file and its disk.`;
}

/** The parser's own message is kept where it says best what is wrong; it is bounded, because it may quote the file. */
function syntaxMessage(code: string, message: string): string {
  switch (code) {
    case "MULTIPLE_DOCS":
      return "a second YAML document starts here; allowed is one document a file. Put each into its own file.";
    case "TAB_AS_INDENT":
      return "a tab was given as indentation; allowed are spaces. Replace the tab by spaces.";
    case "TAG_RESOLVE_FAILED":
      return "a YAML tag (!...) was given; allowed are plain values. Remove the tag.";
    default:
      if (message.includes("call stack")) return TOO_DEEP;
      return `this is not valid YAML: ${plain(message, 120)}. Correct the line; lists, quotes and colons are the usual cause.`;
  }
}
