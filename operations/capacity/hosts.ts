import type { Platform } from "../../platform";
import { measureHost } from "../deploy/preflight/hostSize";
import { connect } from "../docker/client";
import { badInput, Failure } from "../failure";
import type { CountedHost } from "./capacity";

/**
 * The hosts that a stack's capacity can be counted on: as its settings declare it, and as its Engine reports it where
 * they do not.
 * @param measure ask the Engine also where the settings declare the host
 * @throws Failure (bad input) when the Engine has to be asked and does not answer
 */
export async function countedHosts(platform: Platform, measure: boolean): Promise<CountedHost[]> {
  const { host, dockerHost } = platform.settings;
  const declared: CountedHost[] = host ? [{ source: "declared", size: host }] : [];
  if (host && !measure) return declared;
  const docker = await connect(dockerHost).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    const without = host ? "Leave --measure out" : "Or declare the host (nexus:host)";
    throw badInput(`${error.message} ${without} to count without Docker.`);
  });
  return [...declared, { source: "measured", size: await measureHost(docker, platform, undefined) }];
}
