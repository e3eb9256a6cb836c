/** The folder, outside the repository, that keeps what is slow to make. */
import { openCache } from "../setup/cache";

/** `$NEXUS_CACHE/images`, by default `~/.cache/sectorwars-nexus/images`. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return openCache(env).file("images");
}
