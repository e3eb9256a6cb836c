import type { Desired } from "../../catalog/desired";
import { type Drift, UP } from "./drift";
import type { Observed } from "./observed";

/** Volumes that are missing, or that lead to another folder than the one with the region's data and disk limit. */
export function volumeDrift(desired: Desired, { volumes }: Observed): Drift[] {
  const found = new Map(volumes.map((volume) => [volume.name, volume]));
  return desired.volumes.flatMap(({ region, name, folder }) => {
    const is = found.get(name);
    const where = (path: string | undefined): string => path ?? "kept by Docker";
    if (is && is.folder === folder) return [];
    return [
      {
        region,
        container: "",
        what: `volume ${name}`,
        declared: where(folder),
        enforced: is ? where(is.folder) : "missing",
        remedy: is
          ? `move the data to ${where(folder)}, remove the container and the volume (docker rm -f, docker volume rm ${name}), then ${UP}`
          : UP,
      },
    ];
  });
}
