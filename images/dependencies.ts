/** The exact versions of npm packages and all they need, from the lock file: they end up inside an image. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  version?: string;
  dependencies?: Record<string, string>;
}

/** `name@version` of the given packages and of everything they depend on, sorted. */
export function dependencyVersions(projectDir: string, roots: string[]): string[] {
  const lock = JSON.parse(readFileSync(join(projectDir, "package-lock.json"), "utf8"));
  return closure(lock.packages as Record<string, LockedPackage>, roots);
}

/** The same for the `packages` map of a lock file, whose keys are folders (`node_modules/a/node_modules/b`). */
export function closure(packages: Record<string, LockedPackage>, roots: string[]): string[] {
  const found = new Map<string, string>();
  const visit = (name: string, parent: string): void => {
    const folder = resolve(packages, name, parent);
    if (folder === undefined || found.has(folder)) return;
    const locked = packages[folder];
    found.set(folder, `${name}@${locked?.version}`);
    for (const dependency of Object.keys(locked?.dependencies ?? {})) visit(dependency, folder);
  };
  for (const root of roots) visit(root, "");
  return [...found.values()].sort();
}

/** Where Node would find `name` for a package in `parent`: the nearest `node_modules` upwards. */
function resolve(packages: Record<string, LockedPackage>, name: string, parent: string): string | undefined {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const candidate = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (folder === "") return undefined;
  }
}
