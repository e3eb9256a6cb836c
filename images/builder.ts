/** Makes the local images that are missing, each after the image it is built from. */
import { mkdirSync } from "node:fs";
import type Docker from "dockerode";
import { openCache } from "../setup/cache";
import { withLock } from "../setup/lock";
import { SetupProblem, ToolError } from "../setup/problems";
import { inOrder } from "../setup/runner";
import type { Ui } from "../setup/ui";
import { buildBase, debianMirror } from "./base";
import { contextOf, tarOf } from "./context";
import { followProgress, imageIds } from "./progress";
import { removeImages } from "./prune";
import { LABEL, LOCAL_IMAGE_NAMES, type LocalImageName, localRefs, RECIPES } from "./recipes";

export interface BuildOptions {
  docker: Docker;
  ui: Ui;
  /** Stops the work; what was finished stays, and the next run goes on from there. */
  signal: AbortSignal;
  /** The repository's root. */
  projectDir: string;
  /** Makes the images again although they exist: for Debian's security fixes. */
  rebuild: boolean;
}

/** Images that nothing runs, only other images are built from. */
const INTERMEDIATE: ReadonlySet<LocalImageName> = new Set(["base", "node"]);

/** Which local images the Engine does not have. */
export async function missingImages(docker: Docker, projectDir: string): Promise<LocalImageName[]> {
  const refs = localRefs(projectDir);
  let present: Set<string>;
  try {
    const images = await docker.listImages({ filters: { label: [LABEL] } });
    present = new Set(images.flatMap((image) => image.RepoTags ?? []));
  } catch (error) {
    throw failed("The Docker Engine did not list its images", error);
  }
  const isWanted = (name: LocalImageName): boolean =>
    !present.has(refs[name]) &&
    (!INTERMEDIATE.has(name) ||
      LOCAL_IMAGE_NAMES.some((other) => RECIPES[other].from === name && isWanted(other)));
  return LOCAL_IMAGE_NAMES.filter(isWanted);
}

/**
 * Makes the images that the Engine does not have. Runs of several processes on one machine take turns.
 *
 * @returns the images made, in the order of the table
 * @throws SetupProblem or ToolError with a message to act on
 */
export async function buildLocalImages(options: BuildOptions): Promise<LocalImageName[]> {
  const { docker, ui, projectDir, rebuild, signal } = options;
  const todo = async () => (rebuild ? LOCAL_IMAGE_NAMES : await missingImages(docker, projectDir));
  if ((await todo()).length === 0) return [];
  const cache = openCache(process.env);
  mkdirSync(cache.file("images"), { recursive: true });
  const onWait = () => ui.say("waiting for another process that makes images");
  return withLock(cache.file("images", "lock"), { signal, onWait }, async () => {
    const names = await todo();
    const engine = await docker.version();
    checkArchitecture(engine.Arch);
    // What builds that were killed left behind: unnamed images with our label.
    await docker.pruneImages({ filters: { dangling: ["true"], label: [LABEL] } });
    const steps = names.map((name) => ({ name, after: [RECIPES[name].from ?? ""] }));
    await inOrder(steps, ({ name }, stop) => make(name, { ...options, signal: stop }), signal);
    return names;
  });
}

/** What the Engine's client throws, with what was being done. The set-up has found an Engine that answers. */
function failed(what: string, error: unknown): ToolError {
  return new ToolError(`${what}: ${error instanceof Error ? error.message : error}`);
}

async function make(name: LocalImageName, options: BuildOptions): Promise<void> {
  const { docker, ui, projectDir } = options;
  const refs = localRefs(projectDir);
  ui.begin(name, `make ${refs[name]}`);
  let ok = false;
  try {
    const labels = { [LABEL]: name };
    if (name === "base") await buildBase(docker, refs.base, projectDir, labels, options);
    else await buildOne(name, refs, labels, options);
    ok = true;
  } catch (error) {
    if (!(error instanceof SetupProblem || error instanceof ToolError)) throw failed(name, error);
    error.message = `${name}: ${error.message}`;
    throw error;
  } finally {
    ui.end(name, ok);
  }
}

async function buildOne(
  name: Exclude<LocalImageName, "base">,
  refs: Record<LocalImageName, string>,
  labels: Record<string, string>,
  { docker, projectDir, signal, rebuild }: BuildOptions,
): Promise<void> {
  const { proxy } = await debianMirror(signal);
  const { from = "base" } = RECIPES[name];
  const stream = await docker.buildImage(tarOf(await contextOf(name, projectDir, signal)), {
    t: refs[name],
    labels,
    buildargs: { BASE: refs[from], ...(proxy ? { http_proxy: proxy } : {}) },
    // The network of the host reaches the mirror wherever apt on the host does.
    networkmode: "host",
    nocache: rebuild,
    rm: true,
    forcerm: true,
    abortSignal: signal,
  });
  let ids: string[] = [];
  try {
    await followProgress(stream, (text) => ids.push(...imageIds(text)));
    ids = [];
  } finally {
    // Steps of a build that did not end stay as images without a name.
    await removeImages(docker, ids.reverse());
  }
}

/** Debian's tree and the Node are those of this machine's architecture, so the Engine's must be the same. */
function checkArchitecture(engine: string): void {
  const names: Record<string, string> = { x64: "amd64", arm64: "arm64", arm: "arm" };
  const own = names[process.arch] ?? process.arch;
  if (engine !== own) {
    throw new SetupProblem(
      `The Docker Engine runs on ${engine} and this machine is ${own}: local images must be made on the ` +
        `Engine's own kind of machine.`,
    );
  }
}
