/** The build context of each local image: a tar of its Dockerfile and of what the Dockerfile copies. */
import { createReadStream, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { openCache } from "../setup/cache";
import { ensurePinnedNode } from "../setup/node/pinned";
import { bundleService } from "./bundle";
import { contentOf } from "./inputs";
import type { LocalImageName } from "./recipes";

/** A file in a context: from the disk, or its text. */
type Source = { file: string } | { text: string };
export type Context = Record<string, Source>;

/** What is sent to the Engine to build one image, by path in the context. */
export async function contextOf(
  name: Exclude<LocalImageName, "base">,
  projectDir: string,
  signal: AbortSignal,
): Promise<Context> {
  const { env } = process;
  const recipe = (folder: string): Context => filesOf(projectDir, `images/recipes/${folder}`, "");
  switch (name) {
    case "node":
      return {
        ...recipe("node"),
        node: { file: await ensurePinnedNode({ cache: openCache(env), env, signal }) },
      };
    case "game-server":
      return {
        ...recipe("game-server"),
        "server.js": { text: await bundleService(join(projectDir, "services/gameserver/main.ts")) },
      };
    case "player-client":
    case "admin-ui":
      return {
        ...recipe("web"),
        ...filesOf(projectDir, "services/web", "public/shared/"),
        ...filesOf(projectDir, `services/${name}/public`, "public/"),
      };
    default:
      return recipe(name);
  }
}

/** The context as a tar stream. Files have fixed owners and times, so that equal contexts are equal tars. */
export function tarOf(context: Context): NodeJS.ReadableStream {
  const tar = pack();
  writeAll(tar, context).then(
    () => tar.finalize(),
    (error) => tar.destroy(error),
  );
  return tar;
}

async function writeAll(tar: Pack, context: Context): Promise<void> {
  for (const [name, source] of Object.entries(context)) {
    if ("text" in source) {
      tar.entry({ name, mode: 0o644, mtime: new Date(0) }, source.text);
      continue;
    }
    const { size, mode } = statSync(source.file);
    // Readable by the numeric user that the image runs as, whatever this checkout's umask was.
    const entry = { name, size, mode: mode & 0o111 ? 0o755 : 0o644, mtime: new Date(0) };
    if (size < 1_000_000) tar.entry(entry, readFileSync(source.file));
    else await pipeline(createReadStream(source.file), tar.entry(entry));
  }
}

/** The very files that the image's tag is made of. */
function filesOf(projectDir: string, input: string, prefix: string): Context {
  const files = contentOf(projectDir, input).map(({ path }) => [
    `${prefix}${path.slice(input.length + 1)}`,
    { file: join(projectDir, path) },
  ]);
  return Object.fromEntries(files);
}
