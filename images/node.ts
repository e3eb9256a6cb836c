/** The Node of the local images: the pinned one, whatever Node runs the build. */
import { openCache } from "../setup/cache";
import { ensurePinnedNode, pinnedPackage } from "../setup/node/pinned";
import { ofSetup } from "./errors";

/** esbuild's name of the Node that bundles run on. */
export function bundleTarget(): string {
  return `node${pinnedPackage()?.version ?? ""}`;
}

/**
 * Path of the binary, brought into the cache if it is not there.
 *
 * @throws ImageBuildError where it cannot be had
 */
export async function nodeBinary(signal?: AbortSignal): Promise<string> {
  const { env } = process;
  const given = { cache: openCache(env), env, signal: signal ?? new AbortController().signal };
  return ensurePinnedNode(given).catch((error: unknown) => Promise.reject(ofSetup(error)));
}
