import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failed } from "../../failure";
import { capturePulumi } from "../pulumi/process";
import { type OpenStack, OWN_FOLDER } from "./open";

/**
 * Removes the stack from its backend and, where they are ours, its passphrase and what pulumi keeps beside the
 * state (history, backups). The settings file stays. For a stack whose containers and networks are gone: it is not
 * asked what it still holds.
 * @throws Failure when the backend refuses.
 */
export async function removeStack(open: OpenStack): Promise<void> {
  const { code, stderr } = await capturePulumi(open.place, [
    "stack",
    "rm",
    // Generated secrets are still in it.
    ...["--stack", open.qualified, "--yes", "--force", "--preserve-config"],
  ]);
  if (code !== 0 && !/no stack named/i.test(stderr)) {
    throw failed(`Stack "${open.stack}" could not be removed from ${open.backend}:\n${stderr.trim()}`);
  }
  removeOwnFiles(open);
}

/**
 * The last stack takes the whole folder with it; before that, only what carries the stack's name goes. A passphrase may
 * open a state elsewhere: that of another stack stays, and this one's while a state of ours has its name.
 */
function removeOwnFiles({ projectDir, project, stack, state }: OpenStack): void {
  const folder = join(projectDir, OWN_FOLDER);
  const pulumi = join(folder, "state", ".pulumi");
  const stacks = join(pulumi, "stacks", project);
  const kept = namesIn(stacks).flatMap((name) => /^(.+)\.json(\.gz|\.zst)?$/.exec(name)?.[1] ?? []);
  const others = namesIn(folder).filter(
    (name) => /^passphrase-/.test(name) && name !== `passphrase-${stack}`,
  );
  if (kept.length === 0 && others.length === 0) {
    rmSync(folder, { recursive: true, force: true });
    return;
  }
  if (kept.includes(stack)) return;
  for (const place of [
    join(folder, `passphrase-${stack}`),
    join(folder, "settings", `Pulumi.${stack}.yaml`),
    ...(state.kind === "own"
      ? [
          ...["history", "backups"].map((kind) => join(pulumi, kind, project, stack)),
          join(pulumi, "locks", "organization", project, stack),
          ...["json.bak", "json.attrs", "json.bak.attrs"].map((suffix) => join(stacks, `${stack}.${suffix}`)),
        ]
      : []),
  ]) {
    rmSync(place, { recursive: true, force: true });
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
