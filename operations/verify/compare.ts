import type { Desired } from "../../catalog/desired";
import { compareText } from "../../config/problems";
import { stackFlag } from "../words";
import { containerDrift } from "./containerDrift";
import { diskDrift } from "./diskDrift";
import { type Drift, UNKNOWN_REGION, UP } from "./drift";
import { folderDrift } from "./folderDrift";
import { networkDrift } from "./networkDrift";
import type { Observed } from "./observed";
import { volumeDrift } from "./volumeDrift";

/**
 * Everything in which the host is not what the files declare, by region. Pure: the same two sides give the same drift.
 * @param stack name of the stack, for the commands that put it right
 */
export function compare(desired: Desired, observed: Observed, stack: string): Drift[] {
  const order = new Map(desired.disks.map(({ region }, index) => [region, index]));
  const rank = ({ region }: Drift): number => order.get(region) ?? order.size;
  const found = new Set(observed.containers.map(({ name }) => name));
  const absent = new Set(
    desired.disks
      .map(({ region }) => region)
      .filter((name) =>
        desired.containers.every((container) => container.region !== name || !found.has(container.name)),
      ),
  );
  // Of a region that is not there at all, that is all there is to say.
  const drift = [
    ...containerDrift(desired, observed),
    ...networkDrift(desired, observed),
    ...volumeDrift(desired, observed),
    ...diskDrift(desired, observed),
    ...folderDrift(desired, observed),
  ].filter(({ region }) => !absent.has(region));
  return [...[...absent].map((region) => absentRegion(region)), ...drift, ...unmanaged(desired, observed)]
    .map((one) => ({ ...one, remedy: one.remedy.replaceAll(UP, `npm run up${stackFlag(stack)}`) }))
    .sort((a, b) => rank(a) - rank(b) || compareText(a.container, b.container));
}

function absentRegion(region: string): Drift {
  return {
    region,
    container: "",
    what: "all containers",
    declared: "running",
    enforced: "missing",
    remedy: UP,
  };
}

/** Containers that carry the stack's label and are in no file: left by a killed run, or made by hand. */
function unmanaged(desired: Desired, observed: Observed): Drift[] {
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
      remedy: UP,
    }));
}
