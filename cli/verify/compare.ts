import { compareText } from "../../config/problems";
import { containerGaps } from "./containerGaps";
import { diskGaps } from "./diskGaps";
import type { Expected } from "./expected";
import { folderGaps } from "./folderGaps";
import { type Gap, UNKNOWN_REGION } from "./gap";
import { networkGaps } from "./networkGaps";
import type { Observed } from "./observed";
import type { Remedies } from "./remedies";
import { volumeGaps } from "./volumeGaps";

/**
 * Everything in which the host is not what the files declare, by region. Pure: the same two sides give the same gaps.
 */
export function compare(expected: Expected, observed: Observed, remedies: Remedies): Gap[] {
  const order = new Map(expected.regions.map(({ name }, index) => [name, index]));
  const rank = ({ region }: Gap): number => order.get(region) ?? order.size;
  const found = new Set(observed.containers.map(({ name }) => name));
  const absent = new Set(
    expected.regions
      .map(({ name }) => name)
      .filter((name) =>
        expected.containers.every((container) => container.region !== name || !found.has(container.name)),
      ),
  );
  // Of a region that is not there at all, that is all there is to say.
  const gaps = [
    ...containerGaps(expected, observed, remedies),
    ...networkGaps(expected, observed, remedies),
    ...volumeGaps(expected, observed, remedies),
    ...diskGaps(expected, observed, remedies),
    ...folderGaps(expected, observed, remedies),
  ].filter(({ region }) => !absent.has(region));
  return [
    ...[...absent].map((region) => absentRegion(region, remedies)),
    ...gaps,
    ...strangers(expected, observed, remedies),
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
function strangers(expected: Expected, observed: Observed, remedies: Remedies): Gap[] {
  const declared = new Set(expected.containers.map(({ name }) => name));
  const regions = new Set(expected.regions.map(({ name }) => name));
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
