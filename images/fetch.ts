/** Brings images of registries to the Docker host before any container is touched: a pull is no part of a restart. */
import type Docker from "dockerode";
import type { Login } from "./dockerLogin";
import { CredentialError } from "./errors";
import { type LoginSources, loginFor } from "./login";
import { engineMessages } from "./progress";
import { after, type Layers, type PullProgress, progressOf } from "./pull";
import { whyNot } from "./pullFailure";
import { digestOf, isLocalImage, registryOf } from "./reference";

export interface Fetch {
  docker: Docker;
  /** What shall be there, each as a container will name it. */
  refs: readonly string[];
  logins: LoginSources;
  /** Called before the first pull with all that is missing, and at each step of each of them. */
  onProgress?: (event: FetchEvent) => void;
  /** How long all of them may stand still before they are given up; default 5 minutes. */
  stalledMs?: number;
}

export type FetchEvent =
  | { kind: "begun"; missing: readonly string[] }
  | { kind: "progress"; ref: string; progress: PullProgress }
  | { kind: "fetched"; ref: string; progress: PullProgress };

/** Images that could not be brought to the host, all of them with the reason. */
export class FetchError extends Error {
  override name = "FetchError";
  constructor(
    readonly failures: readonly { ref: string; why: string }[],
    wanted: number,
  ) {
    super(
      `${failures.length} of ${wanted} images could not be fetched to the Docker host:\n` +
        `${failures.map(({ ref, why }) => `  ${ref}: ${why}`).join("\n")}\n` +
        "No container was touched. What was fetched stays there for the next time.",
    );
  }
}

const MAKE_LOCAL = "it is made on this machine, by npm run images:build";

/** So many at once: the Engine itself transfers three layers at a time. */
const AT_ONCE = 4;
const STALLED_MS = 5 * 60_000;

/** The images that the host does not have, in the order given, each once. */
export async function absentImages(docker: Docker, refs: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(refs)];
  const present = await Promise.all(wanted.map((ref) => isPresent(docker, ref)));
  return wanted.filter((_, index) => !present[index]);
}

/**
 * Pulls what is missing, side by side, with the logins that this machine has. Those that are pinned are the very ones
 * that the digest names. Local images are only looked for.
 * @returns what was pulled
 * @throws FetchError with every image that could not be had; CredentialError when a login cannot be used
 */
export async function fetchImages(fetch: Fetch): Promise<string[]> {
  const missing = await absentImages(fetch.docker, fetch.refs);
  if (missing.length === 0) return [];
  const local = missing.filter(isLocalImage);
  const queue = missing.filter((ref) => !isLocalImage(ref));
  const logins = await loginsFor([...new Set(queue.map(registryOf))], fetch.logins);
  const failures = local.map((ref) => ({ ref, why: MAKE_LOCAL }));
  if (queue.length > 0) fetch.onProgress?.({ kind: "begun", missing: [...queue] });
  const pulse: Pulse = { at: Date.now() };
  const work = async (): Promise<void> => {
    for (let ref = queue.shift(); ref !== undefined; ref = queue.shift()) {
      const login = logins.get(registryOf(ref));
      const reason = await pull(fetch, ref, login, pulse).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (reason !== undefined) failures.push({ ref, why: whyNot(reason, registryOf(ref), login?.from) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failures.length === 0) return missing;
  const order = (ref: string): number => missing.indexOf(ref);
  throw new FetchError(
    failures.sort((a, b) => order(a.ref) - order(b.ref)),
    missing.length,
  );
}

async function loginsFor(
  registries: string[],
  sources: LoginSources,
): Promise<Map<string, Login | undefined>> {
  const problems = new Set<string>();
  const found = await Promise.all(
    registries.map(async (registry) => {
      try {
        return [registry, await loginFor(registry, sources)] as const;
      } catch (error) {
        if (!(error instanceof CredentialError)) throw error;
        problems.add(error.message);
        return [registry, undefined] as const;
      }
    }),
  );
  // One broken file is one problem, however many registries it stands for.
  if (problems.size > 0) throw new CredentialError([...problems].join("\n"));
  return new Map(found);
}

/**
 * When the Engine said something last, about whichever image: it transfers a few layers at a time, and is silent about
 * an image whose layers wait for those of another one, however long these take.
 */
interface Pulse {
  at: number;
}

async function pull(
  { docker, onProgress, stalledMs = STALLED_MS }: Fetch,
  ref: string,
  login: Login | undefined,
  pulse: Pulse,
): Promise<void> {
  const stop = new AbortController();
  const look = (): void => {
    const left = pulse.at + stalledMs - Date.now();
    if (left > 0) timer = setTimeout(look, left);
    else stop.abort(new Error(`nothing came for ${Math.round(stalledMs / 1000)} s`));
  };
  pulse.at = Date.now();
  let timer = setTimeout(look, stalledMs);
  let layers: Layers = new Map();
  try {
    const stream = await docker.pull(ref, { authconfig: login?.auth, abortSignal: stop.signal });
    for await (const message of engineMessages(stream)) {
      const failure = message.error ?? message.errorDetail?.message;
      if (failure !== undefined) throw new Error(failure);
      pulse.at = Date.now();
      layers = after(layers, message);
      onProgress?.({ kind: "progress", ref, progress: progressOf(layers) });
    }
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
  // An answer that ended early, and an Engine that keeps another image under this name, show only here.
  if (!(await isPresent(docker, ref))) throw new Error("the pull ended and the image is not there");
  onProgress?.({ kind: "fetched", ref, progress: progressOf(layers) });
}

async function isPresent(docker: Docker, ref: string): Promise<boolean> {
  const digest = digestOf(ref);
  try {
    const { RepoDigests } = await docker.getImage(ref).inspect();
    return digest === undefined || (RepoDigests ?? []).some((known) => known.endsWith(`@${digest}`));
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}
