/** Parts of an image's name, as Docker reads it. */
import { LOCAL_REPOSITORY } from "./recipes";

/** What Docker Hub is called wherever a registry's host is asked for. */
export const DOCKER_HUB = "docker.io";

/** Host of the registry that has an image, with its port where one is written. */
export function registryOf(ref: string): string {
  const slash = ref.indexOf("/");
  const host = slash < 0 ? "" : ref.slice(0, slash);
  // A first part without a dot or a port is a user of Docker Hub.
  if (!/[.:]/.test(host) && host !== "localhost") return DOCKER_HUB;
  return host === "index.docker.io" ? DOCKER_HUB : host;
}

/** The digest that a reference is pinned to; undefined where it names a tag alone. */
export function digestOf(ref: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(ref)?.[1];
}

/** Is it made on this machine? No registry has it. */
export function isLocalImage(ref: string): boolean {
  return ref.startsWith(`${LOCAL_REPOSITORY}/`);
}
