import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment, StackExport } from "../pulumi/deployment";
import { capturePulumi } from "../pulumi/process";
import { badInput, failed } from "../stop";
import type { OpenStack } from "./open";
import { stackFacts } from "./settingsFile";

/** The stack's state, or undefined when the backend knows no such stack. Secrets stay encrypted. */
export async function exportStack(open: OpenStack): Promise<StackExport | undefined> {
  const { code, stdout, stderr } = await capturePulumi(open.place, [
    "stack",
    "export",
    "--stack",
    open.qualified,
  ]);
  if (code === 0) return JSON.parse(stdout) as StackExport;
  if (/no stack named/i.test(stderr)) return undefined;
  throw badInput(
    `The state of stack "${open.stack}" at ${open.backend} (${open.state.from}) cannot be read:\n${stderr.trim()}`,
  );
}

/** What the stack holds; nothing when there is no such stack yet. */
export async function deploymentOf(open: OpenStack): Promise<Deployment> {
  return (await exportStack(open))?.deployment ?? {};
}

/**
 * Makes the stack in its backend. Pulumi does that from a folder, and writes the salt of the encryption to the
 * settings there: the folder is a temporary one, so that the committed settings stay as they are.
 * @throws Stop (exit code 1) with pulumi's own words when it fails.
 */
export async function createStack(open: OpenStack): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nexus-init-"));
  try {
    copyFileSync(join(open.projectDir, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    copyFileSync(open.settingsCopy, join(folder, `Pulumi.${open.stack}.yaml`));
    const { code, stderr } = await capturePulumi(
      { cwd: folder, env: { ...open.place.env, PULUMI_STACK: "" } },
      ["stack", "init", open.qualified, "--no-select", ...secretsProviderArgs(open, folder)],
    );
    if (code !== 0 && !/already exists/i.test(stderr)) {
      throw failed(`Stack "${open.stack}" could not be made at ${open.backend}:\n${stderr.trim()}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function secretsProviderArgs(open: OpenStack, folder: string): string[] {
  const { secretsProvider } = stackFacts(open.state.kind === "given" ? open.projectDir : folder, open.stack);
  return secretsProvider ? ["--secrets-provider", secretsProvider] : [];
}

/** Replaces the stack's state. */
export async function importStack(open: OpenStack, state: StackExport): Promise<void> {
  const { code, stderr } = await capturePulumi(
    open.place,
    ["stack", "import", "--stack", open.qualified],
    JSON.stringify(state),
  );
  if (code !== 0) throw failed(`The state of stack "${open.stack}" could not be written:\n${stderr.trim()}`);
}
