import { amount, RESOURCE_KEYS } from "../../regions/admission";
import { type Bound, RESOURCES } from "../../regions/capacity";
import type { RegionResources } from "../../regions/model";

/** What holds the number of regions down, as a word. */
export function boundName(bound: Bound): string {
  return bound === "slots" ? bound : RESOURCE_KEYS[bound] === "cpu" ? "CPU" : RESOURCE_KEYS[bound];
}

/** `2 CPUs, 3GB, 20GB`. */
export function sizeName(size: RegionResources): string {
  return RESOURCES.map((resource) => amount(resource, size[resource])).join(", ");
}
