import { NEXUS, REGION_LABEL, ROLE_LABEL } from "../../../catalog/names";
import type { ResourceState, Step } from "./steps";

export const REGION_TYPE = "nexus:region:RegionStack";
export const NEXUS_TYPE = "nexus:nexus:NexusStack";
export const REGION_PREFIX = "region-";

/** Is this step a whole region's? */
export function isRegion({ type }: Step): boolean {
  return type === REGION_TYPE;
}

/** Says of each step which region it belongs to, by the component above it; the rest is the Nexus'. */
export function areaFinder(steps: Step[]): (step: Step) => string {
  const byUrn = new Map(steps.map((step) => [step.urn, step]));
  const areaOf = (step: Step): string => {
    if (isRegion(step)) return step.name.slice(REGION_PREFIX.length);
    const parent = byUrn.get((step.new ?? step.old)?.parent ?? "");
    return parent ? areaOf(parent) : (labelOf(step.new ?? step.old, REGION_LABEL) ?? NEXUS);
  };
  return areaOf;
}

/** What a person calls a container or network: its role, or else its name in the program. */
export function roleOf(step: Step): string {
  return labelOf(step.new ?? step.old, ROLE_LABEL) ?? step.name;
}

/** Value of a Docker label. */
export function labelOf(state: ResourceState | undefined, key: string): string | undefined {
  const labels = state?.inputs.labels;
  if (!Array.isArray(labels)) return undefined;
  const found = (labels as { label?: unknown; value?: unknown }[]).find(({ label }) => label === key);
  return typeof found?.value === "string" ? found.value : undefined;
}
