import { docker } from "./containers";
import { limitsReader } from "./kernel";
import type { Project } from "./project";
import { pause } from "./wait";

/** CPU limits of a region's containers at one moment, in thousandths, by role. */
export type Quotas = Record<string, number>;

/**
 * Reads again and again what the kernel holds the containers of each region to, from their first moment on.
 * @returns ends it, and hands out every reading by region
 */
export function watchQuotas(
  project: Project,
  regions: readonly string[],
): () => Promise<Map<string, Quotas[]>> {
  const seen = new Map<string, Quotas[]>(regions.map((region) => [region, []]));
  const readers = new Map<string, { region: string; role: string; read: () => number }>();
  let watching = true;

  const find = async () => {
    const names = regions.map((region) => `${project.prefix}region-${region}-`);
    for (const { Id, Names } of await docker.listContainers()) {
      const name = (Names[0] ?? "").slice(1);
      const prefix = names.find((one) => name.startsWith(one));
      if (prefix === undefined || readers.has(Id)) continue;
      const region = regions[names.indexOf(prefix)] ?? "";
      const read = await limitsReader(Id).catch(() => undefined);
      if (!read) continue;
      readers.set(Id, { region, role: name.slice(prefix.length), read: () => read().cpuMillis ?? 0 });
    }
  };
  const readRegion = (region: string): Quotas => {
    const quotas: Quotas = {};
    for (const [id, one] of readers) {
      if (one.region !== region) continue;
      try {
        quotas[one.role] = one.read();
      } catch {
        // Its control group is gone with it.
        readers.delete(id);
      }
    }
    return quotas;
  };
  const work = (async () => {
    while (watching) {
      await find();
      for (const region of regions) {
        // Files are read one after the other: what changes meanwhile would be seen half-way.
        const [first, second] = [readRegion(region), readRegion(region)];
        if (JSON.stringify(first) === JSON.stringify(second)) seen.get(region)?.push(first);
      }
      await pause(50);
    }
  })();
  return async () => {
    watching = false;
    await work;
    return seen;
  };
}

export function sumOf(quotas: Quotas): number {
  return Object.values(quotas).reduce((sum, millis) => sum + millis, 0);
}
