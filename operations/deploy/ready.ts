import type Docker from "dockerode";
import { WITHOUT_HOST } from "../../components/disk/choose";
import { loadPlatform, type Platform } from "../../platform";
import { connect } from "../docker/client";
import { fetchMissing, sayMissing } from "../docker/fetchImages";
import { badInput, Failure } from "../failure";
import type { Reporter } from "../reporter";
import { checkAdmission, type MeasuredAdmission } from "./preflight/admission";
import { type HostProblem, renderHostProblems } from "./preflight/checks";
import { measureHost } from "./preflight/hostSize";
import { preflight } from "./preflight/preflight";
import { type Deployment, stackIdOf } from "./pulumi/deployment";
import { tryProvider } from "./pulumi/tryProvider";
import { findState, recover, reportRecovery } from "./recover/recover";
import { type OpenStack, openStack, shortName } from "./state/open";
import { createStack, exportStack } from "./state/stack";
import { type Digests, readBy } from "./underLock/agreed";

/** A checked stack, ready for pulumi. */
export interface ReadyStack {
  open: OpenStack;
  platform: Platform;
  /** The state as it was found or repaired; empty for a stack that has none. */
  deployment: Deployment;
  /** URNs of containers that an earlier run made and that never got ready: previews and `up` replace them. */
  unready: string[];
  /** The files that all of this was read from. */
  files: Digests;
}

/**
 * Checks everything that can be checked before pulumi runs, and repairs what a killed run left. The order matters:
 * files first, because they need nothing; the lock and the state next, because nothing may be written while another
 * run is at work, and the state says which objects on the host are the stack's own; then the images, as the host is
 * looked at by containers; then the host.
 * @throws ConfigError or Failure (bad input) when the input cannot be used, Failure on a held lock.
 */
export async function openForUp(projectDir: string, stack: string, reporter: Reporter): Promise<ReadyStack> {
  const files = readBy(projectDir, shortName(stack));
  const platform = loadPlatform({ projectDir, stack: shortName(stack) });
  const open = openStack(projectDir, stack, "change");
  const found = await findState(open, reporter);
  const docker = await connect(platform.settings.dockerHost);
  await tryProvider(platform.settings.dockerHost, projectDir);
  const stackId = found.state && stackIdOf(found.state.deployment);
  await fetchMissing(platform, projectDir, docker, reporter);
  const [admission, problems] = await sideBySide(
    measuredAdmission(platform, docker, stackId, reporter),
    preflight(platform, { docker, stackId, mayWrite: true }),
  );
  refuse(open, [...problems, ...admission.problems]);
  if (!found.state) await createStack(open);
  return { open, platform, ...(await recover(open, docker, found, reporter)), files };
}

/** Both look by containers of their own, so the one is waited for that is left when the other fails. */
async function sideBySide<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}

async function measuredAdmission(
  platform: Platform,
  docker: Docker,
  stackId: string | undefined,
  { say }: Reporter,
): Promise<MeasuredAdmission> {
  const measured = await measureHost(docker, platform, stackId);
  const admission = checkAdmission(platform, measured);
  for (const note of admission.notes) say(`Note: ${note}`);
  return admission;
}

function refuse(open: OpenStack, problems: HostProblem[]): void {
  if (problems.length === 0) return;
  throw badInput(
    `The Docker host cannot take this stack; nothing was changed.\n${renderHostProblems(problems, `Pulumi.${open.stack}.yaml`)}`,
  );
}

/**
 * The same for a preview, which changes nothing that exists. More regions than the Docker host can hold are refused
 * here as well, because only the files can be wrong then; what else would stop or precede an `up` is only said. A
 * stack that its backend does not know is previewed on a throw-away state.
 * @param withHost false: the Docker host is not asked, as where the credentials for it are not
 * @throws as {@link openForUp}
 */
export async function openForPreview(
  projectDir: string,
  stack: string,
  withHost: boolean,
  reporter: Reporter,
): Promise<Omit<ReadyStack, "files">> {
  const platform = loadPlatform({ projectDir, stack: shortName(stack) });
  const chosen = openStack(projectDir, stack, "preview");
  const state = chosen.state.kind === "throwaway" ? undefined : await exportStack(chosen);
  // Without a backend nobody has said where this stack runs: this machine's Docker tells nothing about it.
  const unready =
    withHost && chosen.state.kind !== "throwaway"
      ? await reportHost(chosen, platform, state?.deployment, reporter)
      : [];
  const open = state ? chosen : await openThrowaway(chosen, reporter);
  if (!withHost) open.place.env[WITHOUT_HOST] = "true";
  return { open, platform, deployment: state?.deployment ?? {}, unready };
}

async function openThrowaway(chosen: OpenStack, { say }: Reporter): Promise<OpenStack> {
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

async function reportHost(
  open: OpenStack,
  platform: Platform,
  state: Deployment | undefined,
  reporter: Reporter,
): Promise<string[]> {
  const { say } = reporter;
  let unready: string[] = [];
  let tooMuch: HostProblem[] = [];
  try {
    const docker = await connect(platform.settings.dockerHost);
    const stackId = stackIdOf(state ?? {});
    await sayMissing(platform, docker, reporter);
    const [admission, problems] = await sideBySide(
      measuredAdmission(platform, docker, stackId, reporter),
      preflight(platform, { docker, stackId, mayWrite: false }),
    );
    tooMuch = admission.problems;
    if (problems.length > 0) {
      say(`\`up\` would stop here:\n${renderHostProblems(problems, `Pulumi.${open.stack}.yaml`)}`);
    }
    unready = await reportRecovery(open, docker, state, reporter);
  } catch (error) {
    // A preview compares files with the state; it may run where the Docker host cannot be reached, as in CI.
    if (!(error instanceof Failure)) throw error;
    say(`Note: the Docker host was not looked at. ${error.message}`);
  }
  refuse(open, tooMuch);
  return unready;
}
