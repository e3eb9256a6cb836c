import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";

/**
 * An error's stack trace with the places in our sources, where this process runs a build of them. Node could map every
 * trace itself, and then does so for each that Pulumi's SDK takes, which is one a promise.
 */
export function traceOf(error: Error): string {
  const text = error.stack ?? error.message;
  const build = globalThis.nexusBuild;
  if (!build || !text.includes(build.cli)) return text;
  const map = new SourceMap(JSON.parse(readFileSync(`${build.cli}.map`, "utf8")));
  return text.replaceAll(/(\/[^():]+):(\d+):(\d+)/g, (place, file, line, column) => {
    if (file !== build.cli) return place;
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) return place;
    const source = Object.keys(build.sources).find((name) => entry.originalSource.endsWith(`/${name}`));
    return source
      ? `${join(build.root, source)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : place;
  });
}
