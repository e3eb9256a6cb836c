import { NEXUS } from "../../components/host";
import { type Deployment, DOCKER_VOLUME, resourcesOf } from "../pulumi/deployment";

/** A Docker volume as far as removal looks. */
export interface EngineVolume {
  name: string;
  /** Folder on the host that the volume is bound to; undefined for one that Docker keeps itself. */
  folder?: string;
}

/** What the stack keeps on the Docker host. */
export interface KeptData {
  /** Volumes of this stack. */
  volumes: string[];
  /** Entries of the data root that are this stack's: one a region, and the Nexus'. */
  folders: string[];
  /** Entries of the data root that another stack's volumes use; they stay. */
  foreign: string[];
}

export interface DataQuestion {
  dataRoot: string;
  namePrefix: string;
  /** Names of the regions in the files; regions removed from there are found by their volumes. */
  regions: string[];
  deployment: Deployment;
  volumes: EngineVolume[];
}

/** How the volumes of every stack begin, after its prefix: with the name of the container that uses them. */
const VOLUME_NAMES = /^(region-|central-nexus-|redis-nexus|nginx-gateway)/;

/**
 * Tells this stack's data from that of others. Volumes carry no label (one would replace them), so a kept volume is
 * known by the stack's prefix and by the folder it is bound to. Pure.
 */
export function keptData({ dataRoot, namePrefix, regions, deployment, volumes }: DataQuestion): KeptData {
  const inState = new Set(resourcesOf(deployment, DOCKER_VOLUME).map(({ id }) => id));
  const entryOf = (folder: string | undefined): string | undefined =>
    folder?.startsWith(`${dataRoot}/`) ? folder.slice(dataRoot.length + 1).split("/")[0] : undefined;
  const isOwn = ({ name, folder }: EngineVolume): boolean =>
    inState.has(name) ||
    (entryOf(folder) !== undefined &&
      name.startsWith(namePrefix) &&
      VOLUME_NAMES.test(name.slice(namePrefix.length)));

  const own = volumes.filter(isOwn);
  const entries = (list: EngineVolume[]): string[] => list.flatMap(({ folder }) => entryOf(folder) ?? []);
  const foreign = new Set(entries(volumes.filter((volume) => !isOwn(volume))));
  const folders = new Set([NEXUS, ...regions, ...entries(own)]);
  return {
    volumes: own.map(({ name }) => name).sort(),
    folders: [...folders].filter((folder) => !foreign.has(folder)).sort(),
    foreign: [...foreign].sort(),
  };
}
