import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { labelOf } from "../../../config/problems";
import { digestOf, filesUnder } from "../../../images/inputs";
import { readStack } from "../../../platform";
import { count, listed } from "../../words";
import { buildOf } from "../pulumi/built";
import { type Deployment, nameOf, ROOT_STACK, type StateResource } from "../pulumi/deployment";

/** Digests by name: of a file, or of a resource in the state. */
export type Digests = Record<string, string>;

/** What an `up` rests on: what was looked at before it, and shown. */
export interface Agreed {
  files: Digests;
  /** Absent when there was no preview: then nothing was said of the state that could have become wrong. */
  state?: Digests;
}

/** What the program is made of, but for `regions/`, which holds the files of all stacks as well. */
const PROGRAM = [
  ...["Pulumi.yaml", "package.json", "package-lock.json", "tsconfig.json"],
  ...["index.ts", "platform.ts", "program.ts", "settings.ts"],
  ...["catalog", "components", "config", "images", "operations", "policies", "services"],
];

/**
 * What a run rests on: {@link filesOf}, with the sources of the build that this process runs as they were when it was
 * made. One that was edited since then is a change, though nothing has read it.
 */
export function readBy(projectDir: string, stack: string): Digests {
  const files = filesOf(projectDir, stack);
  const sources = Object.entries(buildOf(projectDir)?.sources ?? {});
  return { ...files, ...Object.fromEntries(sources.filter(([path]) => path in files)) };
}

/**
 * Everything that decides what a stack shall be: settings, region files, program, what local images are made of.
 * @param stack the stack's name without organisation and project
 */
export function filesOf(projectDir: string, stack: string): Digests {
  const { regionsDir } = readStack({ projectDir, stack });
  const folder = join(projectDir, "regions");
  const model = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `regions/${name}`);
  const program = [...PROGRAM, ...model, `Pulumi.${stack}.yaml`].flatMap((path) => digests(projectDir, path));
  const label = labelOf(regionsDir, projectDir);
  const regions = (existsSync(regionsDir) ? readdirSync(regionsDir) : [])
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .flatMap((name) => digests(regionsDir, name))
    .map(([path, digest]) => [join(label, path), digest] as const);
  return Object.fromEntries([...program, ...regions]);
}

function digests(root: string, path: string): [path: string, digest: string][] {
  if (!existsSync(join(root, path))) return [];
  return filesUnder(root, path).map((file) => [file, digestIn(root, file)]);
}

/** A file that cannot be read is for whoever reads it to complain of. */
function digestIn(root: string, file: string): string {
  try {
    return digestOf(join(root, file));
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** A state's resources. The root, which Pulumi writes before the program begins, says nothing. Pure. */
export function stateOf({ resources = [] }: Deployment): Digests {
  const digest = (resource: StateResource): string =>
    createHash("sha256").update(JSON.stringify(resource)).digest("hex");
  return Object.fromEntries(
    resources
      .filter(({ type }) => type !== ROOT_STACK)
      .map((resource) => [`${resource.urn}${resource.delete ? " (replaced)" : ""}`, digest(resource)]),
  );
}

/** What of the second is not as in the first, for a person; undefined when all is. Pure. */
export function changedSince(agreed: Agreed, now: Agreed): string | undefined {
  const files = changed(agreed.files, now.files);
  const state = agreed.state && now.state ? changed(agreed.state, now.state) : [];
  if (files.length + state.length === 0) return undefined;
  const what = [
    files.length > 0 && listed(files),
    state.length > 0 && `the state in ${count(state.length, "resource")} (${listed(state.map(nameOf))})`,
  ].filter((part) => part !== false);
  const since = agreed.state ? "the preview" : "this run began";
  return `Changed since ${since}: ${what.join("; ")}. Nothing was changed by this run. Run the same command again.`;
}

function changed(before: Digests, now: Digests): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names.filter((name) => before[name] !== now[name]).sort();
}
