import { loadPlatform, type Platform } from "../platform";
import { connect } from "./docker";
import { renderHostProblems } from "./preflight/checks";
import { preflight } from "./preflight/preflight";
import { type Deployment, stackIdOf } from "./pulumi/deployment";
import { recover, reportRecovery } from "./recover/recover";
import { say } from "./say";
import { type OpenStack, openStack, shortName } from "./state/open";
import { createStack, exportStack } from "./state/stack";
import { badInput, Stop } from "./stop";

/** A checked stack, ready for pulumi. */
export interface ReadyStack {
  open: OpenStack;
  platform: Platform;
}

/**
 * Checks everything that can be checked before pulumi runs, and repairs what a killed run left. The order matters:
 * files first, because they need nothing; the state next, because it says which objects on the host are the
 * stack's own; then the host.
 * @throws ConfigError or Stop (exit code 2) when the input cannot be used, Stop (exit code 1) on a held lock.
 */
export async function openForUp(projectDir: string, stack: string): Promise<ReadyStack> {
  const platform = loadPlatform({ projectDir, stack: shortName(stack) });
  const open = openStack(projectDir, stack, "change");
  const docker = await connect(platform.settings.dockerHost);
  const state = await exportStack(open);
  const problems = await preflight(platform, projectDir, docker, state && stackIdOf(state.deployment));
  if (problems.length > 0) {
    throw badInput(
      `The Docker host cannot take this stack; nothing was changed.\n${renderHostProblems(problems, `Pulumi.${open.stack}.yaml`)}`,
    );
  }
  if (state) await recover(open, docker, state);
  else await createStack(open);
  return { open, platform };
}

/**
 * The same for a preview, which changes nothing that exists: what would stop or precede an `up` is only said. A stack
 * that its backend does not know is previewed on a throw-away state.
 */
export async function openForPreview(projectDir: string, stack: string): Promise<ReadyStack> {
  const platform = loadPlatform({ projectDir, stack: shortName(stack) });
  const chosen = openStack(projectDir, stack, "preview");
  const state = chosen.state.kind === "throwaway" ? undefined : await exportStack(chosen);
  // Without a backend nobody has said where this stack runs: this machine's Docker tells nothing about it.
  if (chosen.state.kind !== "throwaway") await reportHost(chosen, platform, state?.deployment ?? {});
  return { open: state ? chosen : await openThrowaway(chosen), platform };
}

async function openThrowaway(chosen: OpenStack): Promise<OpenStack> {
  const open =
    chosen.state.kind === "throwaway" ? chosen : openStack(chosen.projectDir, chosen.stack, "throwaway");
  say(
    `Stack "${open.stack}" has no state yet (${open.state.from}): this previews its first \`up\` on a throw-away state.`,
  );
  try {
    await createStack(open);
  } catch (error) {
    open.close();
    throw error;
  }
  return open;
}

async function reportHost(open: OpenStack, platform: Platform, deployment: Deployment): Promise<void> {
  try {
    const docker = await connect(platform.settings.dockerHost);
    const problems = await preflight(platform, open.projectDir, docker, stackIdOf(deployment));
    if (problems.length > 0) {
      say(`\`up\` would stop here:\n${renderHostProblems(problems, `Pulumi.${open.stack}.yaml`)}`);
    }
    await reportRecovery(open, docker);
  } catch (error) {
    // A preview compares files with the state; it may run where the Docker host cannot be reached, as in CI.
    if (!(error instanceof Stop)) throw error;
    say(`Note: the Docker host was not looked at. ${error.message}`);
  }
}
