import fs from "node:fs";
import { join } from "node:path";
import { ConfigError, compareText, labelOf } from "../../config/problems";
import { show } from "../../config/refusal";
import { suggest } from "../../config/suggest";
import { hasWorker } from "../../images/worker";
import { loadPlatform, type Platform, readStack } from "../../platform";
import { readRegions } from "../../regions/load";
import type { RegionModel } from "../../regions/model";
import { toModel } from "../../regions/normalise";
import type { Settings } from "../../settings";
import { shortName } from "../deploy/state/open";
import { badInput } from "../failure";
import type { Reporter } from "../reporter";
import { listed } from "../words";

const ENDING = ".yaml";

/** The region files of a stack. */
export class RegionFolder {
  readonly stack: string;
  readonly projectDir: string;
  readonly dir: string;
  /** What messages call the folder. */
  readonly label: string;
  /** Absent when they are wrong. */
  readonly settings: Settings | undefined;

  /**
   * @param cwd the project: the folder with Pulumi.yaml
   * @throws ConfigError when the stack's name cannot be one
   */
  constructor(
    { cwd, stack }: { cwd: string; stack: string },
    readonly say: Reporter["say"],
  ) {
    this.projectDir = cwd;
    this.stack = shortName(stack);
    const { regionsDir, settings } = readStack({ projectDir: cwd, stack: this.stack });
    this.dir = regionsDir;
    this.settings = settings;
    this.label = this.labelOf(this.dir);
  }

  pathOf(name: string): string {
    return join(this.dir, name + ENDING);
  }

  /** What messages call a file: its path in the project. */
  labelOf(path: string): string {
    return labelOf(path, this.projectDir);
  }

  /** Names by file, whatever is in the files. None when the folder cannot be read. */
  names(): string[] {
    try {
      return fs
        .readdirSync(this.dir)
        .filter((file) => file.endsWith(ENDING) && !file.startsWith("."))
        .map((file) => file.slice(0, -ENDING.length))
        .sort(compareText);
    } catch {
      return [];
    }
  }

  /** The regions whose files are right, and names and slots that all files take. */
  read(): ReturnType<typeof readRegions> {
    return readRegions(this);
  }

  /**
   * All regions, also when the host has no room for them.
   * @throws ConfigError when the settings or a region's file are wrong
   */
  models(): RegionModel[] {
    const { regions, problems } = this.read();
    const { settings } = this;
    if (!settings) return this.load().regions;
    if (problems.length > 0) throw new ConfigError(problems);
    return regions.map((region) => toModel(region, settings.networks, hasWorker(settings)));
  }

  /**
   * The whole platform, as it is or as it would be after an edit.
   * @param edits region name to the text of its file; `undefined` for a file that is removed
   * @throws ConfigError with every problem
   */
  load(edits: Record<string, string | undefined> = {}): Platform {
    const files = Object.entries(edits).map(([name, text]) => [name + ENDING, text] as const);
    return loadPlatform({ projectDir: this.projectDir, stack: this.stack, edits: new Map(files) });
  }

  /**
   * The file of a region that exists.
   * @throws Failure (bad input)
   */
  existing(name: string): { path: string; label: string } {
    const names = this.names();
    if (names.includes(name)) return { path: this.pathOf(name), label: this.labelOf(this.pathOf(name)) };
    const near = suggest(name, names);
    const there = names.length === 0 ? "has no region" : `has ${listed(names)}`;
    throw badInput(
      `There is no region ${show(name)} in stack ${this.stack}: ${this.label} ${there}. Nothing was changed. ` +
        (near ? `Did you mean "${near}"?` : "`npm run region -- list` shows all of them."),
    );
  }
}
