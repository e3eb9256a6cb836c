import type { Build } from "../../../setup/build";

/** What this process runs, where it runs a build (`setup/cli.js`), and the repository of which that is one. */
export type Built = Build & { root: string };

declare global {
  var nexusBuild: Built | undefined;
}

/** The build that this process runs, if it is one of this project's files. */
export function buildOf(projectDir: string): Built | undefined {
  const { nexusBuild } = globalThis;
  return nexusBuild?.root === projectDir ? nexusBuild : undefined;
}
