import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve } from "node:path";
import { type NexusBudget, nexusBudget } from "./config/nexusBudget";
import { ConfigError, type Problem } from "./config/problems";
import { plain, refusalText, show } from "./config/refusal";
import { suggest } from "./config/suggest";
import { readYaml } from "./config/yamlSource";
import { imageProblems } from "./images/table";
import { sharedAddresses } from "./regions/addresses";
import { readRegions } from "./regions/load";
import type { RegionModel, SharedAddresses } from "./regions/model";
import { toModel } from "./regions/normalise";
import { readSettings, type Settings, type SettingsResult } from "./settings";

/** Everything that the components need: checked, complete, and free of Pulumi. */
export interface Platform {
  stack: string;
  settings: Settings;
  nexus: NexusBudget;
  networks: SharedAddresses;
  /** Sorted by name. */
  regions: RegionModel[];
}

export interface PlatformSource {
  /** Folder of the project: where `Pulumi.<stack>.yaml` is and where relative paths start. */
  projectDir: string;
  /** The stack's name without organisation and project. */
  stack: string;
  /** @default `Pulumi.<stack>.yaml` in the project folder; when that does not exist, every setting has its default */
  settingsFile?: string;
  /** See `RegionFolder.edits`: the platform as it would be after an edit of region files. */
  edits?: ReadonlyMap<string, string | undefined>;
}

/** Where a stack's region files are, also when its settings are wrong; then `settings` is absent. */
export function readStack({ projectDir, stack, settingsFile }: PlatformSource): {
  regionsDir: string;
  settings?: Settings;
} {
  checkStack(stack);
  const { regionsDir, settings } = readSettingsFile(projectDir, stack, settingsFile);
  return { regionsDir: resolve(projectDir, regionsDir), ...(settings && { settings }) };
}

/**
 * Reads the settings and all regions of a stack. Changes nothing.
 * @throws ConfigError with all problems of all files
 */
export function loadPlatform({ projectDir, stack, settingsFile, edits }: PlatformSource): Platform {
  checkStack(stack);
  const { settings, regionsDir, problems } = readSettingsFile(projectDir, stack, settingsFile);
  const folder = readRegions({ dir: resolve(projectDir, regionsDir), projectDir, edits });
  const images = settings
    ? imageProblems(settings.images, settings.imageOverrides, settingsFile ?? `Pulumi.${stack}.yaml`)
    : [];
  const all = [...problems, ...images, ...folder.problems];
  if (!settings || all.length > 0) throw new ConfigError(all);
  return {
    stack,
    settings,
    nexus: nexusBudget(settings.profile),
    networks: sharedAddresses(settings.networks),
    regions: folder.regions.map((region) => toModel(region, settings.networks)),
  };
}

function readSettingsFile(
  projectDir: string,
  stack: string,
  settingsFile: string | undefined,
): SettingsResult {
  const path = resolve(projectDir, settingsFile ?? `Pulumi.${stack}.yaml`);
  if (settingsFile === undefined && !existsSync(path)) return readSettings(stack, {});
  const inProject = relative(projectDir, path);
  const { source, problems } = readYaml(
    path,
    inProject.startsWith("..") || isAbsolute(inProject) ? path : inProject,
  );
  if (!source) return { regionsDir: join("regions", stack), problems };

  if (source.data !== null && (typeof source.data !== "object" || Array.isArray(source.data))) {
    const message = refusalText(
      show(source.data),
      'a map with the key "config"',
      "Write the settings below config:.",
    );
    return {
      regionsDir: join("regions", stack),
      problems: [{ file: source.file, ...source.locate([], "value"), path: "", message }],
    };
  }
  const data = (source.data ?? {}) as Record<string, unknown>;
  const result = readSettings(stack, data.config, source);
  const misspelt = Object.keys(data).filter((key) => key !== "config" && suggest(key, ["config"]));
  const typos: Problem[] = misspelt.map((key) => ({
    file: source.file,
    ...source.locate([key], "key"),
    path: plain(key),
    message: 'an unknown key was given; allowed is the map "config". Did you mean "config"?',
  }));
  return typos.length === 0
    ? result
    : { regionsDir: result.regionsDir, problems: [...typos, ...result.problems] };
}

/** The stack's name becomes part of paths. */
function checkStack(stack: string): void {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(stack)) return;
  const message = `${show(stack)} was given as the stack's name; allowed are letters, digits and . _ -. Check --stack.`;
  throw new ConfigError([{ file: "Pulumi.yaml", path: "", message }]);
}
