import fs from "node:fs";
import { basename, extname, join } from "node:path";
import { check, problemAt } from "../config/check";
import { compareText, labelOf, type Problem } from "../config/problems";
import { plain, quote, refusalText } from "../config/refusal";
import { parseYaml, readYaml, type YamlSource } from "../config/yamlSource";
import { findDuplicates, type Identity } from "./duplicates";
import type { RegionConfig } from "./model";
import { normalise } from "./normalise";
import { playersRefusal, regionConnectionsRefusal } from "./players";
import { nameField, regionSchema, slotField } from "./schema";

export interface RegionFolder {
  /** The folder with one file a region. */
  dir: string;
  /** Messages name files relative to this folder. @default the paths as they are */
  projectDir?: string;
  /**
   * What to take in place of what is in the folder: file name to text, or `undefined` for a file that is not there.
   * So an edit is checked with everything else before it is written.
   */
  edits?: ReadonlyMap<string, string | undefined>;
}

/**
 * The regions whose files are right, sorted by name, all problems of the others, and which names and slots the files
 * take, as far as that can be read: a wrong file keeps its slot.
 */
export function readRegions({ dir, projectDir, edits = new Map() }: RegionFolder): {
  regions: RegionConfig[];
  identities: Identity[];
  problems: Problem[];
} {
  const label = (path: string): string => (projectDir === undefined ? path : labelOf(path, projectDir));
  const listing = listFolder(dir, label);
  const written = [...edits].flatMap(([name, text]) => (text === undefined ? [] : [name]));
  const names = [...new Set([...listing.names.filter((name) => !edits.has(name)), ...written])].sort(
    compareText,
  );
  const files = names.map((name) => readRegionFile(join(dir, name), label(join(dir, name)), edits.get(name)));
  const identities = files.flatMap((file) => file.identity ?? []);
  const problems = [
    ...listing.problems,
    ...files.flatMap((file) => file.problems),
    ...findDuplicates(identities),
  ];
  const regions = files.flatMap((file) => file.region ?? []).sort((a, b) => compareText(a.name, b.name));
  return { regions, identities, problems };
}

const YAML_ENDING = /\.ya?ml$/i;

interface ReadRegion {
  region?: RegionConfig;
  identity?: Identity;
  problems: Problem[];
}

function readRegionFile(path: string, file: string, edit: string | undefined): ReadRegion {
  const { source, problems } = edit === undefined ? readYaml(path, file) : parseYaml(edit, file);
  if (!source) return { problems };
  if (source.data === null) {
    return {
      problems: [
        { file, path: "", message: "is empty; allowed is a region. Write at least name, slot and owner." },
      ],
    };
  }
  const checked = check(regionSchema, source.data, source);
  const identity = identify(source);
  const region = checked.value && normalise(checked.value);
  const all = [
    ...(checked.problems ?? []),
    ...checkFileName(path, identity),
    ...(region ? [...checkPlayers(region, source), ...checkConnections(region, source)] : []),
  ];
  return { identity, problems: all, region };
}

function checkPlayers(region: RegionConfig, source: YamlSource): Problem[] {
  const advice = (least: string) => `Write resources: memory: ${least}, or fewer players.`;
  const { players, resources } = region;
  const message = playersRefusal(players, resources.memoryBytes, region, advice);
  if (message === undefined) return [];
  return [problemAt(source, { path: ["players"], message })];
}

function checkConnections(region: RegionConfig, source: YamlSource): Problem[] {
  const refused = regionConnectionsRefusal(region);
  return refused ? [problemAt(source, refused)] : [];
}

/** Name and slot as far as each of them is right by itself. */
function identify(source: YamlSource): Identity {
  const data = source.data as { name?: unknown; slot?: unknown };
  return { source, name: nameField.safeParse(data.name).data, slot: slotField.safeParse(data.slot).data };
}

/** The file's name is what people look for, so it must be the region's. */
function checkFileName(path: string, { source, name }: Identity): Problem[] {
  const expected = `${name}.yaml`;
  if (name === undefined || basename(path).replace(YAML_ENDING, "") === name) return [];
  const message = refusalText(
    `${quote(name)} in the file ${quote(basename(path))}`,
    "the file's name without .yaml",
    `Rename the file to ${expected}, or correct the name.`,
  );
  return [problemAt(source, { path: ["name"], message })];
}

function listFolder(dir: string, label: (path: string) => string): { names: string[]; problems: Problem[] } {
  const whole = (message: string) => ({ names: [], problems: [{ file: label(dir), path: "", message }] });
  try {
    const names = fs.readdirSync(dir).filter((name) => !isIgnored(name));
    names.sort(compareText);
    const strangers = names.filter((name) => extname(name) !== ".yaml");
    return {
      // Files that only need another ending are read as well, so that all their problems are known at once.
      names: names.filter((name) => YAML_ENDING.test(name)),
      problems: strangers.map((name) => ({
        file: label(join(dir, plain(name))),
        path: "",
        message: strangerMessage(name),
      })),
    };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") {
      return whole("does not exist; needed is a folder with one file a region. Make it; it may be empty.");
    }
    if (code === "ENOTDIR")
      return whole("is a file; needed is a folder with one file a region. Move it away.");
    return whole(
      `could not be read (${code ?? "unknown error"}); needed is a folder with one file a region. Check its permissions.`,
    );
  }
}

/** Editors, Git and people leave these. */
function isIgnored(name: string): boolean {
  return name.startsWith(".") || /^README(\.|$)/.test(name);
}

function strangerMessage(name: string): string {
  const extension = extname(name);
  if (YAML_ENDING.test(name)) {
    return `ends with ${extension}; allowed is .yaml. Rename it to ${plain(basename(name, extension))}.yaml.`;
  }
  return "is not a region file; allowed are <name>.yaml and README. Move or remove it.";
}
