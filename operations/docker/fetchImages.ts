import type Docker from "dockerode";
import { CredentialError } from "../../images/errors";
import { absentImages, FetchError, type FetchEvent, fetchImages } from "../../images/fetch";
import type { PullProgress } from "../../images/pull";
import { isLocalImage } from "../../images/reference";
import { refsOf } from "../../images/table";
import type { Platform } from "../../platform";
import { badInput } from "../failure";
import type { Reporter } from "../reporter";
import { count, listed } from "../words";

/**
 * Brings what the stack runs and the host lacks to the host, before anything there is changed.
 * @throws Failure (bad input) with every image that could not be had
 */
export async function fetchMissing(
  platform: Platform,
  projectDir: string,
  docker: Docker,
  reporter: Reporter,
): Promise<void> {
  const { settings, images } = platform;
  try {
    await fetchImages({
      docker,
      // Whether the local ones are there is the preflight's question.
      refs: refsOf(images).filter((ref) => !isLocalImage(ref)),
      logins: { registries: settings.registries, projectDir },
      onProgress: follow(reporter),
    });
  } catch (error) {
    if (error instanceof FetchError) throw badInput(error.message);
    if (error instanceof CredentialError) throw badInput(`Nothing was changed.\n${error.message}`);
    throw error;
  } finally {
    reporter.progress("");
  }
}

/** For a preview: which images `up` would fetch first. */
export async function sayMissing(platform: Platform, docker: Docker, { say }: Reporter): Promise<void> {
  const refs = refsOf(platform.images).filter((ref) => !isLocalImage(ref));
  const missing = await absentImages(docker, refs);
  if (missing.length === 0) return;
  say(
    `\`up\` first fetches ${count(missing.length, "image")} that the Docker host does not have: ${listed(missing)}`,
  );
}

/** Tells what is fetched, what has come, and how far the rest is. */
function follow({ say, progress }: Reporter): (event: FetchEvent) => void {
  const all = new Map<string, PullProgress>();
  let fetched = 0;
  let wanted = 0;
  return (event) => {
    if (event.kind === "begun") {
      wanted = event.missing.length;
      say(`Fetching ${count(wanted, "image")} to the Docker host: ${listed([...event.missing])}`);
      return;
    }
    all.set(event.ref, event.progress);
    if (event.kind === "fetched") {
      fetched += 1;
      say(`fetched ${event.ref} (${sizeOf(event.progress)})`);
    } else {
      progress(summary(fetched, wanted, [...all.values()]));
    }
  };
}

/** "2 of 5 images, 17 of 40 layers, 120.5 of 400MB so far". Pure. */
export function summary(fetched: number, wanted: number, progress: PullProgress[]): string {
  const sum = (key: keyof PullProgress): number => progress.reduce((total, each) => total + each[key], 0);
  return (
    `fetching: ${fetched} of ${count(wanted, "image")}, ${sum("layersDone")} of ${count(sum("layers"), "layer")}, ` +
    `${formatMegabytes(sum("bytesDone"))} of ${formatMegabytes(sum("bytes"))} known so far`
  );
}

function sizeOf({ layers, bytes }: PullProgress): string {
  return `${count(layers, "layer")}, ${formatMegabytes(bytes)}`;
}

function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
