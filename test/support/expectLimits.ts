import { expect } from "vitest";
import { regionBudget } from "../../regions/budget";
import { REGION_ROLES, type RegionResources } from "../../regions/model";
import { containerOf } from "./containers";
import { kernelFacts, kernelForm } from "./kernel";
import { PLAYERS, type Project } from "./project";

/** Fails unless the kernel holds every container of a region to its part of these resources. */
export async function expectKernelHas(
  project: Project,
  region: string,
  resources: RegionResources,
): Promise<void> {
  const { limits } = regionBudget(resources, PLAYERS);
  for (const role of REGION_ROLES) {
    const { id, name } = await containerOf(project, `region-${region}-${role}`);
    expect(await kernelFacts(id), name).toMatchObject(kernelForm(limits[role]));
  }
}
