import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument, visit } from "yaml";

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
 * @param ownKeys drop what the file says about encryption, as this state is encrypted with a key of its own: for a
 *   throw-away state always, for this checkout's own state unless the file has values that it encrypts
 */
export function settingsForPulumi(source: string, ownKeys: "drop" | "drop unless used" | "keep"): string {
  const isEncrypted = ENCRYPTED.test(source);
  // Nobody can read them there, and a preview can do without.
  if (ownKeys === "drop" && isEncrypted) return settingsForPulumi(withoutEncrypted(source), ownKeys);
  // Naming a key service without its encrypted key makes pulumi invent a new key; the state knows the right one.
  const incomplete = !/^encryptedkey:/m.test(source);
  const drops = ownKeys === "drop" || (ownKeys === "drop unless used" && !isEncrypted);
  const dropped = drops ? ENCRYPTION_KEYS : incomplete ? ["secretsprovider"] : [];
  return source
    .split("\n")
    .filter((line) => !dropped.some((key) => line.startsWith(`${key}:`)))
    .join("\n");
}

/** A value that Pulumi has encrypted, `{secure: ...}`. */
const ENCRYPTED = /^[^#]*\bsecure:/m;

/** Stands for each encrypted value in a preview that cannot read them. */
const UNREADABLE = "(encrypted)";

function withoutEncrypted(source: string): string {
  const document = parseDocument(source);
  visit(document, {
    Map: (_, map) =>
      map.items.length === 1 && map.has("secure") ? document.createNode(UNREADABLE) : undefined,
  });
  return document.toString();
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
