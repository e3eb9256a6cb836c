/** Makes the local images that are missing, each after the image it is built from. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { withLock } from "../setup/lock";
import { buildBase, debianMirror } from "./base";
import { cacheDir } from "./cache";
import { contextOf, tarOf } from "./context";
import { engineError, ImageBuildError } from "./errors";
import { followProgress, imageIds } from "./progress";
import { removeDangling, removeImages } from "./prune";
import { LABEL, LOCAL_IMAGE_NAMES, type LocalImageName, localRefs, RECIPES } from "./recipes";

export interface BuildOptions {
  docker: Docker;
  /** Receives one line per event. */
  log: (line: string) => void;
  /** Stops the work; what was finished stays, and the next run goes on from there. */
  signal?: AbortSignal;
  /** The repository's root; default: the current folder. */
  projectDir?: string;
  /** Makes the images again although they exist: for Debian's security fixes. */
  rebuild?: boolean;
}

/** Images that nothing runs, only other images are built from. */
const INTERMEDIATE: ReadonlySet<LocalImageName> = new Set(["base", "node"]);

const TICK_MS = 5000;

/** Which local images the Engine does not have. */
export async function missingImages(docker: Docker, projectDir: string): Promise<LocalImageName[]> {
  const refs = localRefs(projectDir);
  let present: Set<string>;
  try {
    const images = await docker.listImages({ filters: { label: [LABEL] } });
    present = new Set(images.flatMap((image) => image.RepoTags ?? []));
  } catch (error) {
    throw engineError(error, "The Docker Engine did not list its images");
  }
  const missing = new Set(LOCAL_IMAGE_NAMES.filter((name) => !present.has(refs[name])));
  const wanted = new Set<LocalImageName>();
  for (const name of missing) if (!INTERMEDIATE.has(name)) want(name, missing, wanted);
  return LOCAL_IMAGE_NAMES.filter((name) => wanted.has(name));
}

/** Adds an image and those that it is built from, as far as they are missing. */
function want(name: LocalImageName, missing: ReadonlySet<LocalImageName>, wanted: Set<LocalImageName>): void {
  if (!missing.has(name)) return;
  wanted.add(name);
  const { from } = RECIPES[name];
  if (from) want(from, missing, wanted);
}

/**
 * Makes the images that the Engine does not have. Runs of several processes on one machine take turns.
 *
 * @returns the images made, in the order of the table
 * @throws ImageBuildError with a message to act on
 */
export async function buildLocalImages(options: BuildOptions): Promise<LocalImageName[]> {
  const { docker, log, projectDir = process.cwd(), rebuild = false } = options;
  const todo = async () => (rebuild ? LOCAL_IMAGE_NAMES : await missingImages(docker, projectDir));
  if ((await todo()).length === 0) return [];
  const signal = options.signal ?? new AbortController().signal;
  const folder = cacheDir();
  mkdirSync(folder, { recursive: true });
  const onWait = () => log("waiting for another process that makes images");
  return withLock(join(folder, "lock"), { signal, onWait }, async () => {
    const names = await todo();
    const engine = await docker.version().catch((error) => Promise.reject(engineError(error, "Docker")));
    checkArchitecture(engine.Arch);
    await removeDangling(docker);
    const running = new Map<LocalImageName, number>();
    const ticker = setInterval(() => log(`still working: ${progressOf(running)}`), TICK_MS);
    try {
      await makeAll(names, { docker, log, projectDir, signal, rebuild, running });
    } finally {
      clearInterval(ticker);
    }
    return names;
  });
}

type Work = Required<BuildOptions> & {
  /** What is being made now, and since when (milliseconds since 1970). */
  running: Map<LocalImageName, number>;
};

/** Starts each image as soon as its own base is there. The first failure stops the rest. */
async function makeAll(names: LocalImageName[], work: Work): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([work.signal, stop.signal]);
  const made = new Map<LocalImageName, Promise<void>>();
  for (const name of names) {
    const { from } = RECIPES[name];
    made.set(
      name,
      (async () => {
        await (from && made.get(from));
        await make(name, { ...work, signal });
      })(),
    );
  }
  const failures: unknown[] = [];
  await Promise.all(
    [...made.values()].map((image) =>
      image.catch((error) => {
        failures.push(error);
        stop.abort();
      }),
    ),
  );
  if (work.signal.aborted) throw new ImageBuildError("interrupted; run it again to go on");
  if (failures.length > 0) throw failures[0];
}

async function make(name: LocalImageName, work: Work): Promise<void> {
  const { docker, log, projectDir, signal } = work;
  signal.throwIfAborted();
  const refs = localRefs(projectDir);
  const ref = refs[name];
  const started = Date.now();
  const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(0)} s`;
  log(`${name}: ${name === "base" ? "Debian base, then import" : "build"} started`);
  work.running.set(name, started);
  try {
    const labels = { [LABEL]: name };
    if (name === "base") await buildBase(docker, ref, projectDir, labels, work);
    else await buildOne(name, ref, refs, labels, work);
  } catch (error) {
    if (error instanceof ImageBuildError) throw new ImageBuildError(`${name}: ${error.message}`);
    throw engineError(error, name);
  } finally {
    work.running.delete(name);
  }
  log(`${name}: made ${ref} in ${seconds()}`);
}

async function buildOne(
  name: Exclude<LocalImageName, "base">,
  ref: string,
  refs: Record<LocalImageName, string>,
  labels: Record<string, string>,
  { docker, projectDir, signal, rebuild }: Work,
): Promise<void> {
  const { proxy } = await debianMirror(signal);
  const { from = "base" } = RECIPES[name];
  const stream = await docker.buildImage(tarOf(await contextOf(name, projectDir, signal)), {
    t: ref,
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

function progressOf(running: Map<LocalImageName, number>): string {
  const parts = [...running].map(
    ([name, started]) => `${name} (${Math.round((Date.now() - started) / 1000)} s)`,
  );
  return parts.join(", ");
}

/** Debian's tree and the Node are those of this machine's architecture, so the Engine's must be the same. */
function checkArchitecture(engine: string): void {
  const names: Record<string, string> = { x64: "amd64", arm64: "arm64", arm: "arm" };
  const own = names[process.arch] ?? process.arch;
  if (engine !== own) {
    throw new ImageBuildError(
      `The Docker Engine runs on ${engine} and this machine is ${own}: local images must be made on the ` +
        `Engine's own kind of machine.`,
    );
  }
}
