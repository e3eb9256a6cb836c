import { existsSync } from "node:fs";
import { join } from "node:path";

/** Display settings: pulumi's own live display on a terminal, plain lines in a log file or a CI job. */
export function displayArgs(terminal: boolean): string[] {
  return terminal ? [] : ["--non-interactive", "--color", "never", "--suppress-progress"];
}

/** The policy pack of this project, when there is one, with the stack's own configuration of it, when there is one. */
export function policyArgs(projectDir: string, stack: string): string[] {
  const folder = join(projectDir, "policies");
  const config = join(folder, "config", `${stack}.json`);
  if (!hasPolicies(projectDir)) return [];
  return ["--policy-pack", folder, ...(existsSync(config) ? ["--policy-pack-config", config] : [])];
}

/**
 * For an `up` that nobody watches. Only a preview lets policies refuse before anything is made; where there are none
 * and nobody is asked, it would only make the run half as long again.
 */
export function unattendedArgs(projectDir: string): string[] {
  return hasPolicies(projectDir) ? ["--yes"] : ["--yes", "--skip-preview"];
}

function hasPolicies(projectDir: string): boolean {
  return existsSync(join(projectDir, "policies", "PulumiPolicy.yaml"));
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
