import { existsSync } from "node:fs";
import { join, resolve as resolvePath } from "node:path";
import type { Desired } from "./catalog/desired";
import { type NexusBudget, nexusBudget, nexusResources } from "./catalog/nexusBudget";
import { resolve } from "./catalog/resolve";
import { problemAt } from "./config/check";
import { ConfigError, labelOf, type Problem } from "./config/problems";
import { isMap, refusalText, show } from "./config/refusal";
import { suggest } from "./config/suggest";
import { readYaml } from "./config/yamlSource";
import { imageProblems } from "./images/choice";
import { lockProblems } from "./images/lockFile";
import { type Images, resolveImages } from "./images/table";
import { hasWorker, workerProblems } from "./images/worker";
import { sharedAddresses } from "./regions/addresses";
import { type Candidate, RESOURCE_KEYS, refusal } from "./regions/admission";
import type { Shortage } from "./regions/capacity";
import { readRegions } from "./regions/load";
import type { RegionConfig, RegionModel, SharedAddresses } from "./regions/model";
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
  images: Images;
  /** Everything that the stack shall have on its host. */
  desired: Desired;
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
  /**
   * Refuse regions that the declared host cannot hold. Off for what must work with too many of them: taking the stack
   * down, and counting.
   * @default true
   */
  admission?: boolean;
}

/** The files are right, and the host that the settings declare cannot hold the regions. */
export class AdmissionError extends ConfigError {
  constructor(
    problem: Problem,
    readonly shortages: readonly Shortage[],
  ) {
    super([problem]);
  }
}

/**
 * A stack's settings without its regions, and where their files are, also when the settings are wrong: then there are
 * `problems` in their place.
 */
export function readStack({ projectDir, stack, settingsFile }: PlatformSource): {
  regionsDir: string;
  settings?: Settings;
  problems: Problem[];
} {
  checkStack(stack);
  const { regionsDir, settings, problems } = readSettingsFile(projectDir, stack, settingsFile);
  return { regionsDir: resolvePath(projectDir, regionsDir), ...(settings && { settings }), problems };
}

/**
 * Reads the settings and all regions of a stack. Changes nothing.
 * @throws ConfigError with all problems of all files; AdmissionError where there are none and the host that the
 *   settings declare cannot hold the regions
 */
export function loadPlatform({
  projectDir,
  stack,
  settingsFile,
  edits,
  admission = true,
}: PlatformSource): Platform {
  checkStack(stack);
  const read = readSettingsFile(projectDir, stack, settingsFile);
  const { settings, regionsDir, problems } = read;
  const folder = readRegions({ dir: resolvePath(projectDir, regionsDir), projectDir, edits });
  const choice = read.written ? [...imageProblems(read.written), ...workerProblems(read.written)] : [];
  const all = [...problems, ...choice.map(read.report), ...lockProblems(projectDir), ...folder.problems];
  if (!settings || all.length > 0) throw new ConfigError(all);
  if (admission) requireRoom(settings, folder.regions, read.report);
  const { profile, players, connections, disk } = settings;
  return completed({
    stack,
    settings,
    nexus: nexusBudget(profile, players, connections, disk),
    networks: sharedAddresses(settings.networks),
    regions: folder.regions.map((region) => toModel(region, settings.networks, hasWorker(settings))),
    images: resolveImages(settings.images, settings.imageOverrides, projectDir),
  });
}

/** Adds what the stack shall have on its host. */
export function completed(parts: Omit<Platform, "desired">): Platform {
  return { ...parts, desired: resolve(parts) };
}

/**
 * Does the declared host hold the platform? Without a declared one only the Docker host itself can tell, which
 * `operations/deploy/preflight/admission.ts` asks.
 */
function requireRoom(settings: Settings, regions: RegionConfig[], report: SettingsResult["report"]): void {
  if (!settings.host) return;
  const refused = refusal(candidateOf(settings, regions, settings.host, "nexus:host"));
  if (!refused) return;
  const { shortages, message } = refused;
  const path = ["host", ...shortages.slice(0, 1).map(({ resource }) => RESOURCE_KEYS[resource])];
  throw new AdmissionError(report({ path, message }), shortages);
}

/** A stack's regions and the host that shall hold them. */
export function candidateOf(
  settings: Settings,
  regions: Candidate["regions"],
  host: Candidate["host"],
  hostName: string,
): Candidate {
  const { admission: rules, profile, disk, regionsDir } = settings;
  return { host, hostName, rules, nexus: nexusResources(profile, disk), regions, regionsDir };
}

function readSettingsFile(
  projectDir: string,
  stack: string,
  settingsFile: string | undefined,
): SettingsResult {
  const path = resolvePath(projectDir, settingsFile ?? `Pulumi.${stack}.yaml`);
  if (settingsFile === undefined && !existsSync(path)) return readSettings(stack, {});
  const file = labelOf(path, projectDir);
  const unread = (problems: Problem[]): SettingsResult => ({
    ...{ regionsDir: join("regions", stack), problems },
    report: (breach) => problemAt({ file }, breach),
  });
  const { source, problems } = readYaml(path, file);
  if (!source) return unread(problems);

  const data = source.data ?? {};
  if (!isMap(data)) {
    const message = refusalText(
      show(source.data),
      'a map with the key "config"',
      "Write the settings below config:.",
    );
    return unread([problemAt(source, { path: [], message })]);
  }
  const result = readSettings(stack, data.config, source, projectDir);
  const misspelt = Object.keys(data).filter((key) => key !== "config" && suggest(key, ["config"]));
  const message = 'an unknown key was given; allowed is the map "config". Did you mean "config"?';
  const typos = misspelt.map((key) => problemAt(source, { path: [key], message }, "key"));
  const { regionsDir, report } = result;
  return typos.length === 0 ? result : { regionsDir, report, problems: [...typos, ...result.problems] };
}

/** The stack's name becomes part of paths. */
function checkStack(stack: string): void {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(stack)) return;
  const message = `${show(stack)} was given as the stack's name; allowed are letters, digits and . _ -. Check --stack.`;
  throw new ConfigError([{ file: "Pulumi.yaml", path: "", message }]);
}
