import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { badInput, failed } from "../../failure";
import type { Deployment, StackExport } from "../pulumi/deployment";
import { capturePulumi, type PulumiPlace } from "../pulumi/process";
import { lockRefusal } from "../recover/lock";
import { type OpenStack, shortName } from "./open";
import { stackFacts } from "./settingsFile";

/**
 * The stack's state, or undefined when the backend knows no such stack. Secrets stay encrypted. It needs no lock, so
 * it tells what is true afterwards only to whoever holds that.
 */
export function exportStack(open: OpenStack, more: string[] = []): Promise<StackExport | undefined> {
  return exportFrom(open.place, open.qualified, `at ${open.backend} (${open.state.from})`, more);
}

/**
 * The same for whoever has not opened the stack.
 * @param where for the message
 * @param more options of `pulumi stack export`
 * @throws Failure (bad input) with pulumi's own words
 */
export async function exportFrom(
  place: PulumiPlace,
  qualified: string,
  where: string,
  more: string[] = [],
): Promise<StackExport | undefined> {
  const args = ["stack", "export", "--stack", qualified, ...more];
  const { code, stdout, stderr } = await capturePulumi(place, args);
  if (code === 0) return JSON.parse(stdout) as StackExport;
  if (/no stack named/i.test(stderr)) return undefined;
  throw badInput(`The state of stack "${shortName(qualified)}" ${where} cannot be read:\n${stderr.trim()}`);
}

/** What the stack holds; nothing when there is no such stack yet. */
export async function deploymentOf(open: OpenStack): Promise<Deployment> {
  return (await exportStack(open))?.deployment ?? {};
}

/**
 * Stops when another run is at work on a stack that exists, on any kind of backend: `pulumi stack init` takes the
 * update lock, sees that the stack is there, and changes nothing. Pulumi Cloud does not look at its lock then, and asks
 * for another permission; it refuses the update itself.
 * @throws Failure naming who holds the lock
 */
export async function requireUnlocked(open: OpenStack): Promise<void> {
  if (/^https?:/.test(open.backend)) return;
  await createStack(open, `The lock of stack "${open.stack}" at ${open.backend} cannot be looked at`);
}

/**
 * Makes the stack in its backend, unless it is there. Pulumi does that from a folder, and writes the salt of the encryption to the
 * settings there: the folder is a temporary one, so that the committed settings stay as they are.
 * @param problem how the message begins when it fails
 * @throws Failure when another run holds its lock, or with pulumi's own words when it fails.
 */
export async function createStack(
  open: OpenStack,
  problem = `Stack "${open.stack}" could not be made at ${open.backend}`,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "nexus-init-"));
  try {
    copyFileSync(join(open.projectDir, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
    copyFileSync(open.settingsCopy, join(folder, `Pulumi.${open.stack}.yaml`));
    const { code, stderr } = await capturePulumi(
      { cwd: folder, env: { ...open.place.env, PULUMI_STACK: "" } },
      ["stack", "init", open.qualified, "--no-select", ...secretsProviderArgs(open, folder)],
    );
    if (code !== 0 && !/already exists/i.test(stderr)) {
      throw failed(lockRefusal(open.stack, stderr) ?? `${problem}:\n${stderr.trim()}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function secretsProviderArgs(open: OpenStack, folder: string): string[] {
  const { secretsProvider } = stackFacts(open.state.kind === "given" ? open.projectDir : folder, open.stack);
  return secretsProvider ? ["--secrets-provider", secretsProvider] : [];
}
