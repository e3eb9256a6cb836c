import * as pulumi from "@pulumi/pulumi";
import { NEXUS } from "../../catalog/names";
import { engine } from "../engine";
import type { HostArgs } from "../host";
import { type DiskMeans, ensureDisk } from "./disks";

export interface RegionDiskArgs {
  host: HostArgs;
  /** Its name, or the Nexus'. */
  region: string;
  /** All data of the region together. Growing is in place and restarts nothing; shrinking is refused. */
  limitBytes: number;
  /** `loop` becomes `none` for no region: its data would be out of reach. */
  means: DiskMeans;
}

/**
 * The disk of a region, or of the Nexus: the folder of all its volumes and the limit on it. A component with hooks, because no resource of
 * a provider can be a mount: the hook runs before the step, a failing one ends it with the old state kept.
 */
export class RegionDisk extends pulumi.ComponentResource {
  /** The folder, known once the disk is mounted there: what uses it must take it from here. */
  readonly folder: pulumi.Output<string>;
  readonly means: DiskMeans;

  constructor(name: string, args: RegionDiskArgs, opts?: pulumi.ComponentResourceOptions) {
    const { host, region, limitBytes, means } = args;
    const folder = `${host.dataRoot}/${region}`;
    const ensure = async ({ oldInputs }: pulumi.ResourceHookArgs) => {
      const before = (oldInputs as { means?: DiskMeans } | undefined)?.means;
      if (means === "loop") await ensureDisk(engine(host.dockerHost), host, region, limitBytes);
      else if (before === "loop") throw new Error(lostDisk(region, folder));
    };
    const ours = { hooks: { beforeCreate: [ensure], beforeUpdate: [ensure] } };
    super("nexus:data:RegionDisk", name, { folder, limitBytes, means }, pulumi.mergeOptions(ours, opts));
    this.means = means;
    // Depending on a component means depending on its children; this one has none.
    this.folder = this.urn.apply(() => folder);
    this.registerOutputs({ folder });
  }
}

function lostDisk(region: string, folder: string): string {
  return (
    `${region === NEXUS ? "the Nexus" : `region ${region}`} has a disk of its own (${folder}), and its host says now that it cannot mount one. Nothing was ` +
    "changed. See what changed on the host (docs/operations.md, Disks)."
  );
}
