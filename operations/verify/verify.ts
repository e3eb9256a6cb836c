import type Docker from "dockerode";
import type { Desired } from "../../catalog/desired";
import { DISK_KEEPER } from "../../catalog/keeper";
import { diskStatus, keeperDisks } from "../../components/disk/disks";
import { gone } from "../../components/engine";
import type { Platform } from "../../platform";
import { engineAddress, isLocalEngine } from "../docker/client";
import { foldersOf, readRoot } from "../docker/dataRoot";
import { compare } from "./compare";
import { disksOf, fileSystemAt, type RegionDisk } from "./disk";
import type { Drift, Note } from "./drift";
import { notes } from "./notes";
import { observe } from "./observe";
import type { LimitSource, Observed } from "./observed";

/** Both sides of the comparison. */
export interface Sides {
  declared: Desired;
  found: Observed;
}

/** What came out of it; printed by `--json`. */
export interface Verification {
  result: "ok" | "drift";
  regions: { name: string; containers: number; drift: number }[];
  drift: Drift[];
  notes: Note[];
  /** How many containers' limits were read where. */
  limitsFrom: Record<LimitSource, number>;
}

/** Whether to count what is on disks that nothing limits: that reads every folder, and takes as long. */
export type Counting = "count" | "do not count";

/**
 * Looks at what a stack's files declare and at what its host has. Needs neither Pulumi nor its state.
 */
export async function lookAt(platform: Platform, docker: Docker, counting: Counting): Promise<Sides> {
  const { settings, images, desired: declared } = platform;
  const found = await observe(docker, {
    desired: declared,
    local: isLocalEngine(engineAddress(settings.dockerHost)),
    disks: () => readDisks(declared, settings, images.nginx.ref, docker, counting),
    root: () => readRoot(docker, platform, foldersOf(declared)),
  });
  return { declared, found };
}

async function readDisks(
  declared: Desired,
  { namePrefix, dataRoot, dockerHost }: Platform["settings"],
  image: string,
  docker: Docker,
  counting: Counting,
): Promise<Map<string, RegionDisk>> {
  const regions = declared.disks.map(({ region }) => region);
  const kept = await keeperDisks(docker, { namePrefix });
  const count = async () => {
    await requireImage(docker, image, namePrefix + DISK_KEEPER.container);
    return diskStatus(docker, { namePrefix, dataRoot, image }, regions);
  };
  const counted = !kept && counting === "count" ? await count() : new Map<string, RegionDisk>();
  const disks = disksOf(regions, kept, counted);
  if (!kept || !isLocalEngine(engineAddress(dockerHost))) return disks;
  return new Map(
    [...disks].map(([region, disk]) => [
      region,
      { ...disk, fileSystem: fileSystemAt(`${dataRoot}/${region}`) },
    ]),
  );
}

/**
 * Looking changes nothing, so an image is not fetched for it.
 * @throws Error saying what the host lacks
 */
async function requireImage(docker: Docker, image: string, keeper: string): Promise<void> {
  if (await docker.getImage(image).inspect().catch(gone)) return;
  throw new Error(
    `it has neither the container ${keeper} nor the image ${image}, one of which it takes to look at the regions' ` +
      "disks. Is it the right host? `npm run up` brings both",
  );
}

/** Compares both sides. Pure. */
export function judge(stack: string, { declared, found }: Sides): Verification {
  const drift = compare(declared, found, stack);
  const from = (source: LimitSource): number =>
    found.containers.filter(({ enforced }) => enforced?.source === source).length;
  return {
    result: drift.length === 0 ? "ok" : "drift",
    regions: declared.disks.map(({ region: name }) => ({
      name,
      containers: declared.containers.filter(({ region }) => region === name).length,
      drift: drift.filter(({ region }) => region === name).length,
    })),
    drift,
    notes: notes(declared, found),
    limitsFrom: { kernel: from("kernel"), engine: from("engine") },
  };
}
