import { existsSync } from "node:fs";
import { join } from "node:path";
import { engineAccess } from "../../../components/engineHost";
import type { DockerHost } from "../../../settings";
import { buildOf } from "./built";

/** Display settings: pulumi's own live display on a terminal, plain lines in a log file or a CI job. */
export function displayArgs(terminal: boolean): string[] {
  return terminal ? [] : ["--non-interactive", "--color", "never", "--suppress-progress"];
}

/**
 * The policy pack of this project, when there is one, with the stack's own configuration of it, when there is one. Of
 * the project that this process runs a build of, the pack is the one in that build: it starts in half the time.
 */
export function policyArgs(projectDir: string, stack: string): string[] {
  const folder = join(projectDir, "policies");
  const config = join(folder, "config", `${stack}.json`);
  if (!existsSync(join(folder, "PulumiPolicy.yaml"))) return [];
  const pack = buildOf(projectDir)?.policies ?? folder;
  return ["--policy-pack", pack, ...(existsSync(config) ? ["--policy-pack-config", config] : [])];
}

/** Steps at once over ssh; with our own four connections (components/engine.ts) that is below its server's ten. */
const SSH_STEPS = "4";

/**
 * How many steps Pulumi makes at once. The provider opens a connection for each, and an ssh server drops some of those
 * that log in at the same time, by default from the eleventh on: an `up` from a larger machine would fail for that.
 * @param given what a person says themselves counts
 */
export function parallelArgs(dockerHost: DockerHost | undefined, given: string[]): string[] {
  const chosen = process.env.PULUMI_PARALLEL || given.some((arg) => /^(-p|--parallel(=.*)?)$/.test(arg));
  return engineAccess(dockerHost).kind === "ssh" && !chosen ? ["--parallel", SSH_STEPS] : [];
}

/** Replaces these resources, whatever else there is to do. */
export function replaceArgs(urns: string[]): string[] {
  return urns.flatMap((urn) => ["--replace", urn]);
}

export const SKIP_PREVIEW = "--skip-preview";

/** Options of `pulumi up` that `pulumi preview` does not know; true when a value follows. */
const ONLY_UP: Record<string, boolean> = {
  [SKIP_PREVIEW]: false,
  "-f": false,
  "--yes": false,
  "-y": false,
  "--continue-on-error": false,
  "--secrets-provider": true,
  "--strict": false,
};

/** Arguments that somebody gave for `pulumi up`, as far as a preview before it knows them. */
export function previewArgsOf(upArgs: string[]): string[] {
  return upArgs.filter((arg, index) => {
    const isValue = ONLY_UP[upArgs[index - 1] ?? ""] === true;
    return !isValue && !Object.hasOwn(ONLY_UP, arg.replace(/=.*/, ""));
  });
}

/** Pulumi commands that take `--config-file`; only these can work on a copy of the settings. */
const WORKS_ON_COPY = new Set(["preview", "pre", "up", "update", "destroy", "down", "dn", "refresh"]);

/** Is this `pulumi ARGS…` a command that can work on a copy of the settings? */
export function worksOnCopy(args: string[]): boolean {
  return WORKS_ON_COPY.has(args[0] ?? "");
}

/**
 * `pulumi ARGS…` as the person typed them, on a copy of the settings where the command can: pulumi writes the salt
 * of its encryption into the settings file, which would show up as a change in git.
 */
export function withSettingsCopy(args: string[], copy: string): string[] {
  const chosen = args.some((arg) => arg === "--config-file" || arg.startsWith("--config-file="));
  return worksOnCopy(args) && !chosen ? [...args, "--config-file", copy] : args;
}

/** The stack that `pulumi ARGS…` names with `-s` or `--stack`, if it names one. */
export function stackInArgs(args: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (arg === "-s" || arg === "--stack") return args[index + 1];
    if (arg.startsWith("--stack=")) return arg.slice("--stack=".length);
  }
  return undefined;
}

/** Options of `pulumi stack init` that a value follows, apart from `--name=value`. */
const INIT_VALUES = new Set([
  "--secrets-provider",
  "--stack",
  "-s",
  "--copy-config-from",
  "--teams",
  "--cwd",
  "-C",
  "--color",
]);

/** What `pulumi stack init ARGS…` would make: how its secrets are kept is said there, and nowhere else yet. */
export function stackToMake(args: string[]): { stack?: string; secretsProvider?: string } | undefined {
  if (args[0] !== "stack" || args[1] !== "init") return undefined;
  const rest = args.slice(2);
  const name = rest.find((arg, index) => !arg.startsWith("-") && !INIT_VALUES.has(rest[index - 1] ?? ""));
  const option = "--secrets-provider";
  const inline = rest.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1);
  const at = rest.indexOf(option);
  const stack = name ?? stackInArgs(rest);
  const secretsProvider = inline ?? (at < 0 ? undefined : rest[at + 1]);
  return { ...(stack && { stack }), ...(secretsProvider && { secretsProvider }) };
}
