import type Docker from "dockerode";
import { dataVolumeOf } from "../../catalog/services";

/** A Docker volume as far as we look. */
export interface EngineVolume {
  name: string;
  /** Folder on the host that the volume is bound to; undefined for one that Docker keeps itself. */
  folder?: string;
}

/** The volumes of the Engine, with the folder that they are bound to. */
export async function engineVolumes(docker: Docker): Promise<EngineVolume[]> {
  const { Volumes } = await docker.listVolumes();
  return (Volumes ?? []).map(({ Name, Options }) => ({ name: Name, folder: Options?.device }));
}

/**
 * Volumes that are names for something in a data root: as that belongs to one stack, so do they, whatever they are
 * called and whether or not a file still names their region. Pure.
 */
export function volumesBelow(
  volumes: EngineVolume[],
  dataRoot: string,
): { name: string /** Below the root: region and role. */; path: string[] }[] {
  return volumes.flatMap(({ name, folder }) =>
    folder?.startsWith(`${dataRoot}/`) ? [{ name, path: folder.slice(dataRoot.length + 1).split("/") }] : [],
  );
}

/** Is it called, and does it lead to a folder, as the data volumes of stacks do? Pure. */
export function isDataVolume({ name, folder = "" }: EngineVolume): boolean {
  const [role = "", region = ""] = folder.split("/").reverse();
  const own = dataVolumeOf({ region, role });
  return own !== undefined && name.endsWith(own);
}
