import { NEXUS } from "../../../catalog/names";
import { DOCKER_CONTAINER, DOCKER_NETWORK, DOCKER_VOLUME } from "../pulumi/deployment";
import { areaFinder, NEXUS_TYPE, REGION_TYPE, roleOf } from "./area";
import { containerImpact } from "./container";
import { diskImpact } from "./disk";
import type { AreaImpact, Impact } from "./impact";
import { networkImpact } from "./network";
import { secretImpact } from "./secret";
import { sizeChanges } from "./size";
import type { Step } from "./steps";
import { folderImpact, volumeImpact } from "./volume";

const NOTHING: Impact = {
  ...{ changes: [], inPlace: [], restarts: [], created: [], removed: [] },
  ...{ later: [], kept: [], pretended: [], losses: [], refused: [] },
};

/**
 * What a preview's steps mean, by region; areas that stay as they are are left out. Pure: it knows the provider by
 * components/arguments.ts and nothing of the host.
 */
export function impactOf(steps: Step[]): AreaImpact[] {
  const areaOf = areaFinder(steps);
  // Pulumi logs steps side by side, in an order that differs from run to run.
  const key = ({ name, urn }: Step): string => `${name} ${urn}`;
  const sorted = [...steps].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return [...Map.groupBy(sorted, areaOf)]
    .map(([area, own]) => areaImpact(area, beginning(own)))
    .filter(isWorthSaying)
    .sort((a, b) => order(a.area) - order(b.area) || (a.area < b.area ? -1 : 1));
}

/**
 * The steps that change something. What stays in the state of an area that is taken down, as the parent of its secrets,
 * is nothing that is up: it begins again, with sizes that may be others.
 */
function beginning(steps: Step[]): Step[] {
  const isDown = !steps.some(({ type, old }) => old && type.startsWith("docker:"));
  return steps
    .map((step) =>
      isDown && step.old && step.new && isWhole(step) ? { ...step, kind: "create" as const } : step,
    )
    .filter(({ kind }) => kind !== "same");
}

function order(area: string): number {
  return area === NEXUS ? 0 : 1;
}

function areaImpact(area: string, steps: Step[]): AreaImpact {
  const kind = steps.find(isWhole)?.kind;
  const life = kind === "create" ? "created" : kind === "delete" ? "removed" : "changed";
  const sum = steps.map(stepImpact).reduce(add, NOTHING);
  const later = life === "removed" ? [...sum.later, COMES_BACK] : sum.later;
  return { area, life, ...sum, later };
}

/** The secrets of a region live as long as it does. */
const COMES_BACK = "when it comes back, its players log in again";

/** A region, or the Nexus, begins and ends with its component. */
function isWhole({ type }: Step): boolean {
  return type === NEXUS_TYPE || type === REGION_TYPE;
}

function stepImpact(step: Step): Partial<Impact> {
  switch (step.type) {
    case DOCKER_CONTAINER:
      return containerImpact(step);
    case DOCKER_VOLUME:
      return volumeImpact(step);
    case DOCKER_NETWORK:
      return networkImpact(step);
    case "random:index/randomPassword:RandomPassword":
      return secretImpact(step);
    case REGION_TYPE:
    case NEXUS_TYPE:
      return componentImpact(step);
    default:
      return otherImpact(step);
  }
}

/** Sizes, and what hooks of the component do before anything else of it is touched (components/area.ts). */
function componentImpact(step: Step): Partial<Impact> {
  const disk = add({ ...NOTHING, ...folderImpact(step) }, diskImpact(step));
  const hasRoles = step.kind === "update" && step.old?.inputs.access !== step.new?.inputs.access;
  const roles = hasRoles ? [{ container: "db", what: ["database roles"] }] : [];
  return { ...disk, changes: sizeChanges(step), inPlace: [...disk.inPlace, ...roles] };
}

/** Components, generated values and providers exist in the state alone. */
const ONLY_IN_STATE = /^(nexus|pulumi|random):/;

function otherImpact(step: Step): Partial<Impact> {
  if (ONLY_IN_STATE.test(step.type)) return {};
  const what = `${step.type} ${roleOf(step)}`;
  if (step.kind === "create") return { created: [what] };
  if (step.kind === "delete") return { removed: [what] };
  return { changes: [`${what} ${step.kind === "replace" ? "is recreated" : "is changed"}`] };
}

function add(sum: Impact, more: Partial<Impact>): Impact {
  const keys = Object.keys(sum) as (keyof Impact)[];
  return Object.fromEntries(
    keys.map((key) => [key, [...sum[key], ...(more[key] ?? [])]]),
  ) as unknown as Impact;
}

function isWorthSaying({ life, area: _, ...impact }: AreaImpact): boolean {
  return life !== "changed" || Object.values(impact).some((entries) => entries.length > 0);
}
