import type { Desired } from "../../catalog/desired";
import { compareText } from "../../config/problems";
import { containerGaps } from "./containerGaps";
import { diskGaps } from "./diskGaps";
import { folderGaps } from "./folderGaps";
import { type Gap, UNKNOWN_REGION } from "./gap";
import { networkGaps } from "./networkGaps";
import type { Observed } from "./observed";
import type { Remedies } from "./remedies";
import { volumeGaps } from "./volumeGaps";

/**
 * Everything in which the host is not what the files declare, by region. Pure: the same two sides give the same gaps.
 */
export function compare(desired: Desired, observed: Observed, remedies: Remedies): Gap[] {
  const order = new Map(desired.disks.map(({ region }, index) => [region, index]));
  const rank = ({ region }: Gap): number => order.get(region) ?? order.size;
  const found = new Set(observed.containers.map(({ name }) => name));
  const absent = new Set(
    desired.disks
      .map(({ region }) => region)
      .filter((name) =>
        desired.containers.every((container) => container.region !== name || !found.has(container.name)),
      ),
  );
  // Of a region that is not there at all, that is all there is to say.
  const gaps = [
    ...containerGaps(desired, observed, remedies),
    ...networkGaps(desired, observed, remedies),
    ...volumeGaps(desired, observed, remedies),
    ...diskGaps(desired, observed, remedies),
    ...folderGaps(desired, observed, remedies),
  ].filter(({ region }) => !absent.has(region));
  return [
    ...[...absent].map((region) => absentRegion(region, remedies)),
    ...gaps,
    ...unmanaged(desired, observed, remedies),
  ].sort((a, b) => rank(a) - rank(b) || compareText(a.container, b.container));
}

function absentRegion(region: string, remedies: Remedies): Gap {
  return {
    region,
    container: "",
    what: "all containers",
    declared: "running",
    enforced: "missing",
    remedy: remedies.up(),
  };
}

/** Containers that carry the stack's label and are in no file: left by a killed run, or made by hand. */
function unmanaged(desired: Desired, observed: Observed, remedies: Remedies): Gap[] {
  const declared = new Set(desired.containers.map(({ name }) => name));
  const regions = new Set(desired.disks.map(({ region }) => region));
  return observed.containers
    .filter(({ name }) => !declared.has(name))
    .map(({ name, region, state }) => ({
      region: region !== undefined && regions.has(region) ? region : UNKNOWN_REGION,
      container: name,
      what: "container",
      declared: "none",
      enforced: state,
      remedy: remedies.up(),
    }));
}
