import { dataVolumeOf } from "../../../catalog/services";
import { foreignRoot, type RootOwner } from "../../../components/dataRoot";
import { type EngineVolume, volumesBelow } from "../../docker/volumes";
import { listed } from "../../words";
import type { HostProblem } from "./checks";

export interface RootQuestion {
  dataRoot: string;
  namePrefix: string;
  /** Undefined for a stack without a state. */
  stackId: string | undefined;
  /** What is written in the root. */
  owner: RootOwner | undefined;
  volumes: EngineVolume[];
}

/**
 * Why a data root is not this stack's; empty when it is, or is nobody's. One in which an earlier version wrote nothing
 * down is whose volumes lead there: a stack has one name for each folder. Pure.
 */
export function rootProblems({ dataRoot, namePrefix, stackId, owner, volumes }: RootQuestion): HostProblem[] {
  const setting = "nexus:dataRoot";
  if (owner) return owner.id === stackId ? [] : [{ setting, message: foreignRoot(dataRoot, owner.name) }];
  const foreign = volumesBelow(volumes, dataRoot).filter(
    ({ name, path: [region = "", role = "", ...more] }) => {
      const own = more.length === 0 ? dataVolumeOf({ region, role }) : undefined;
      return own === undefined || name !== namePrefix + own;
    },
  );
  if (foreign.length === 0) return [];
  const names = foreign.map(({ name }) => name);
  return [
    {
      setting,
      message:
        `Docker volumes that this stack did not make lead into ${dataRoot}: ${listed(names, 3)}. A data root belongs to ` +
        "one stack: give this one another, or remove those volumes if nobody needs them (no data is in them): " +
        `docker volume rm ${names.join(" ")}`,
    },
  ];
}
