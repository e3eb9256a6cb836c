import { expect } from "vitest";
import { limitsByRole, regionBudget } from "../../catalog/regionBudget";
import type { RegionResources } from "../../regions/model";
import { containerOf } from "./containers";
import { kernelFacts, kernelForm } from "./kernel";
import { PLAYERS, type Project } from "./project";

/** Fails unless the kernel holds every container of a region to its part of these resources. */
export async function expectKernelHas(
  project: Project,
  region: string,
  resources: RegionResources,
): Promise<void> {
  for (const [role, limits] of limitsByRole(regionBudget(resources, PLAYERS))) {
    const { id, name } = await containerOf(project, `region-${region}-${role}`);
    expect(await kernelFacts(id), name).toMatchObject(kernelForm(limits));
  }
}
