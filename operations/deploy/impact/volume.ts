import { basename, dirname } from "node:path/posix";
import type { Impact } from "./impact";
import type { ResourceState, Step } from "./steps";

/**
 * What a step with a volume means for the data. A volume that is bound to a folder is only a name for it: the folder
 * outlives everything that happens to the name. Any other volume takes what it holds along.
 */
export function volumeImpact(step: Step): Partial<Impact> {
  const { kind, old, new: now } = step;
  const volume = String((old ?? now)?.inputs.name);
  const folder = boundFolder(old);
  if (kind === "create" || kind === "update" || isConfiguration(step)) return {};
  if (!folder) return unboundImpact(volume, step);
  if (kind === "delete") return { kept: [folder] };

  const next = boundFolder(now);
  if (next === folder) return { kept: [folder] };
  // A volume that is kept under its name is found again by its replacement, which Docker then leaves as it is.
  const stays = old?.retainOnDelete && old.inputs.name === now?.inputs.name;
  return {
    left: [folder],
    pretended: stays
      ? [
          `volume ${volume} would be reported as bound to ${next}; it stays bound to ${folder} while it exists`,
        ]
      : [],
  };
}

/** Folders whose data no volume would lead to any more. */
export function leftBehind(folders: string[]): string {
  return (
    `the data in ${folded(folders)} would be left behind, and what uses it would begin empty. To move it: npm run destroy, ` +
    "move the folder, remove the data volumes with docker volume rm, change the setting, npm run up"
  );
}

/** Folders side by side in one word, as a shell reads it: `/data/aurora/{cache,db}`. */
export function folded(folders: string[]): string {
  const words = [...Map.groupBy([...folders].sort(), dirname)].map(([parent, inside]) =>
    inside.length === 1 ? inside : `${parent}/{${inside.map((folder) => basename(folder)).join(",")}}`,
  );
  return words.join(", ");
}

function unboundImpact(volume: string, { kind, old }: Step): Partial<Impact> {
  if (old?.retainOnDelete) return { later: [`Docker volume ${volume} stays`] };
  return {
    losses: [
      `everything in the Docker volume ${volume}, which is ${kind === "delete" ? "removed" : "recreated"}`,
    ],
  };
}

/** Rendered files are written again before their container starts. */
function isConfiguration({ name, old }: Step): boolean {
  return name.endsWith("-config") && boundFolder(old) === undefined;
}

function boundFolder(state: ResourceState | undefined): string | undefined {
  const { device, o } = (state?.inputs.driverOpts ?? {}) as { device?: string; o?: string };
  return device !== undefined && o?.split(",").includes("bind") ? device : undefined;
}
