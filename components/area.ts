import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { NEXUS } from "../catalog/names";
import { type DiskMeans, ensureDisk } from "./disk/disks";
import { engine } from "./engine";
import { type AccessArgs, accessDigest, applyAccess } from "./postgres/access";

/** What of a region, or of the Nexus, is no resource, and changes while everything runs. */
export interface AreaArgs {
  /** Who may log in to its database. */
  access: AccessArgs;
  /** All its data together. Growing is in place and restarts nothing; shrinking is refused. */
  diskBytes: number;
  /** What mounts its disk. One that is given and not given later is refused: its data would be out of reach. */
  diskKeeper?: docker.Container;
}

/**
 * What its component has for that: inputs, so that a preview shows a change, and a hook that makes it before anything
 * else of it is touched. No resource of a provider can be a mount, and a changed argument of a database's container
 * would recreate it (ADR 0008, 0031). A hook that fails ends the step with the old inputs kept, so the next `up` does it
 * again. `diskBytes` is an input already.
 */
export function areaParts(args: AreaArgs): {
  inputs: Record<"folder" | "diskMeans" | "access", pulumi.Input<string>>;
  opts: pulumi.ComponentResourceOptions;
} {
  const { access, diskKeeper } = args;
  const folder = `${access.host.dataRoot}/${access.desired.region}`;
  const diskMeans: DiskMeans = diskKeeper ? "loop" : "none";
  const beforeUpdate = async ({ oldInputs, newInputs }: pulumi.ResourceHookArgs) => {
    const [before, now] = [oldInputs, newInputs] as [Inputs?, Inputs?];
    const isOther = (...keys: (keyof Inputs)[]) => keys.some((key) => before?.[key] !== now?.[key]);
    if (isOther("folder", "diskMeans", "diskBytes")) await growDisk(args, folder, before?.diskMeans);
    if (isOther("access")) await applyAccess(access);
  };
  return {
    inputs: { folder, diskMeans, access: accessDigest(access) },
    opts: { hooks: { beforeUpdate: [beforeUpdate] } },
  };
}

/** As hooks see them; those of an earlier version's component have none of the strings. */
type Inputs = Partial<Record<"folder" | "access", string> & { diskMeans: DiskMeans; diskBytes: number }>;

async function growDisk({ access, diskBytes, diskKeeper }: AreaArgs, folder: string, before?: DiskMeans) {
  const { host, desired } = access;
  if (diskKeeper) await ensureDisk(engine(host.dockerHost), host, desired.region, diskBytes);
  else if (before === "loop") throw new Error(lostDisk(desired.region, folder));
}

function lostDisk(region: string, folder: string): string {
  return (
    `${region === NEXUS ? "the Nexus" : `region ${region}`} has a disk of its own (${folder}), and its host says now that it cannot mount one. Nothing was ` +
    "changed. See what changed on the host (docs/operations.md, Disks)."
  );
}
