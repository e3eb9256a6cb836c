import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The few settings that must be known before everything else is checked. */
export interface StackFacts {
  /** `nexus:environment`, production unless set. */
  environment: string;
  secretsProvider?: string;
}

export function settingsPath(projectDir: string, stack: string): string {
  return join(projectDir, `Pulumi.${stack}.yaml`);
}

/** Reads what decides where the state is. A file that is missing or broken counts as production: no defaults. */
export function stackFacts(projectDir: string, stack: string): StackFacts {
  const settings = readYaml(settingsPath(projectDir, stack));
  const config = record(settings.config);
  return {
    environment: text(config["nexus:environment"]) ?? "production",
    secretsProvider: text(settings.secretsprovider),
  };
}

/** Name of the Pulumi project and the backend it names, from Pulumi.yaml. */
export function projectFacts(projectDir: string): { project: string; backend?: string } {
  const project = readYaml(join(projectDir, "Pulumi.yaml"));
  return { project: text(project.name) ?? "nexus", backend: text(record(project.backend).url) };
}

/** Top-level keys in which pulumi keeps how it encrypts. */
const ENCRYPTION_KEYS = ["encryptionsalt", "encryptedkey", "secretsprovider"];

/**
 * The settings as pulumi gets them: a copy, because pulumi writes the salt of its encryption into the file it reads.
 * @param ownKeys drop what the file says about encryption, as this state is encrypted with a key of its own.
 */
export function settingsForPulumi(source: string, ownKeys: boolean): string {
  // Naming a key service without its encrypted key makes pulumi invent a new key; the state knows the right one.
  const incomplete = !/^encryptedkey:/m.test(source);
  const dropped = ownKeys ? ENCRYPTION_KEYS : incomplete ? ["secretsprovider"] : [];
  return source
    .split("\n")
    .filter((line) => !dropped.some((key) => line.startsWith(`${key}:`)))
    .join("\n");
}

function readYaml(file: string): Record<string, unknown> {
  if (!existsSync(file)) return {};
  try {
    return record(parse(readFileSync(file, "utf8")));
  } catch {
    // Reported with its position when the settings are loaded in full.
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
