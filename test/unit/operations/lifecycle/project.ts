import { chmodSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { ConfigError } from "../../../../config/problems";
import { Failure, type FailureKind } from "../../../../operations/failure";
import { RegionFolder } from "../../../../operations/lifecycle/folder";
import { nexus as run, startNexus } from "../../../support/nexus";
import { tempFolder } from "../../regions/tempFolder";

export const NOBODY = 65534;

/** A project with a stack `dev` and these region files. */
export function project(
  regions: Record<string, string>,
  settings = "config:\n  nexus:images: local\n",
): string {
  const files = Object.entries(regions).map(([name, text]) => [`regions/dev/${name}.yaml`, text]);
  const dir = tempFolder({
    "Pulumi.yaml": "name: nexus\nruntime: nodejs\n",
    "Pulumi.dev.yaml": settings,
    "regions/dev/README.md": "",
    ...Object.fromEntries(files),
  });
  chmodSync(dir, 0o755);
  return dir;
}

export function folderOf(cwd: string, say: (text: string) => void = () => undefined): RegionFolder {
  return new RegionFolder({ cwd, stack: "dev" }, say);
}

/** A small region's file. */
export function file(name: string, slot: number, more = ""): string {
  return `name: ${name}\nslot: ${slot}\nowner: player-1\nresources:\n  cpu: 1\n  memory: 2GB\n  disk: 10GB\n${more}`;
}

/** Everything in the folder of regions, hidden files too: what must not change when a command is refused. */
export function contents(cwd: string): Record<string, string> {
  const dir = join(cwd, "regions/dev");
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), "utf8")]));
}

/** Runs a command in a project, without a terminal. */
export function nexus(cwd: string, args: string[], uid?: number) {
  return run([...args, "-C", cwd], { uid });
}

/** Many of them at once. */
export function nexusAtOnce(
  cwd: string,
  commands: string[][],
): Promise<{ code: number | null; stderr: string }[]> {
  return Promise.all(commands.map((args) => startNexus([...args, "-C", cwd])));
}

/** The message of a refusal that changed nothing, and its exit code. */
export async function refusalOf(
  cwd: string,
  work: () => Promise<unknown>,
): Promise<{ message: string; kind: FailureKind }> {
  const before = contents(cwd);
  const error: unknown = await work().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(contents(cwd)).toEqual(before);
  if (error instanceof ConfigError) return { message: error.message, kind: "bad-input" };
  if (error instanceof Failure) return { message: error.message, kind: error.kind };
  throw new Error(`it was not refused: ${error}`);
}
