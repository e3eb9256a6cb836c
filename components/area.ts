import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { NEXUS } from "../catalog/names";
import { handOver } from "./dataFolder";
import { type DiskMeans, ensureDisk } from "./disk/disks";
import { engine, gone } from "./engine";
import { type AccessArgs, accessDigest, applyAccess } from "./postgres/access";
import { requireOwn } from "./volumes";

/** What of a region, or of the Nexus, is no resource, and changes while everything runs. */
export interface AreaArgs {
  /** Who may log in to its database. */
  access: AccessArgs;
  /** All its data together. Growing is in place and restarts nothing; shrinking is refused. */
  diskBytes: number;
  /** Whose data it is: the region's owner, or the Nexus. A change hands the data over. */
  tenant: string;
  /** What mounts its disk. One that is given and not given later is refused: its data would be out of reach. */
  diskKeeper?: docker.Container;
}

/**
 * What its component has for that: inputs, so that a preview shows a change, and a hook that makes it before anything
 * else of it is touched. No resource of a provider can be a mount, and a changed argument of a database's container
 * would recreate it (ADR 0008, 0031). A hook that fails ends the step with the old inputs kept, so the next `up` does it
 * again. `diskBytes` is an input already. All of it may be taken down: a component stays in the state as the parent of its
 * secrets.
 */
export function areaParts(args: AreaArgs): {
  inputs: Record<"folder" | "diskMeans" | "access" | "tenant", pulumi.Input<string>>;
  opts: pulumi.ComponentResourceOptions;
} {
  const { access, diskKeeper, tenant } = args;
  const folder = `${access.host.dataRoot}/${access.desired.region}`;
  const diskMeans: DiskMeans = diskKeeper ? "loop" : "none";
  const beforeUpdate = async ({ oldInputs, newInputs }: pulumi.ResourceHookArgs) => {
    const [before, now] = [oldInputs, newInputs] as [Inputs?, Inputs?];
    const isOther = (...keys: (keyof Inputs)[]) => keys.some((key) => before?.[key] !== now?.[key]);
    if (isOther("folder", "diskMeans", "diskBytes", "tenant"))
      await bringDisk(args, folder, before?.diskMeans);
    // Before it was an input, nobody wrote a new owner down: what runs on the data was accepted as the owner's.
    if (isOther("tenant") && (before?.tenant !== undefined || (await isUp(access))))
      await handOver(access.host, access.desired, { folder, from: before?.tenant, to: tenant });
    if (isOther("access")) await applyAccess(access);
  };
  return {
    inputs: { folder, diskMeans, tenant, access: accessDigest(access) },
    opts: { hooks: { beforeUpdate: [beforeUpdate] } },
  };
}

/** As hooks see them; those of an earlier version's component have none of the strings. */
type Inputs = Partial<
  Record<"folder" | "access" | "tenant", string> & { diskMeans: DiskMeans; diskBytes: number }
>;

async function bringDisk({ access, diskBytes, diskKeeper }: AreaArgs, folder: string, before?: DiskMeans) {
  const { host, desired } = access;
  const docker = engine(host.dockerHost);
  // All volumes of an area lead to one folder. Nothing else would notice: no container is made for that.
  if (desired.data) await requireOwn(docker, desired.data);
  if (diskKeeper) await ensureDisk(docker, host, desired.region, diskBytes);
  // What is taken down writes nothing, and is refused when it comes back beside its disk (components/dataFolder.ts).
  else if (before === "loop" && (await isUp(access))) throw new Error(lostDisk(desired.region, folder));
}

/** Is there a container that has its data? */
async function isUp({ host, desired }: AccessArgs): Promise<boolean> {
  return (await engine(host.dockerHost).getContainer(desired.name).inspect().catch(gone)) !== undefined;
}

function lostDisk(region: string, folder: string): string {
  return (
    `${region === NEXUS ? "the Nexus" : `region ${region}`} has a disk of its own (${folder}), and its host says now that it cannot mount one. Nothing was ` +
    "changed. See what changed on the host (docs/operations.md, Disks)."
  );
}
