import type { ResourceValidationPolicy } from "@pulumi/policy";
import { CONTAINER, NETWORK, VOLUME } from "./kit/resources";
import { list } from "./kit/schema";

/** All other policies look at these three: a Swarm service or a plugin would pass by all of them. */
export const judgedTypes: ResourceValidationPolicy = {
  name: "judged-types",
  description: "Docker resources are of a type that the other policies judge.",
  configSchema: {
    properties: {
      types: list([CONTAINER, NETWORK, VOLUME]),
    },
  },
  validateResource({ type, getConfig }, report) {
    const { types } = getConfig<{ types: string[] }>();
    if (type.startsWith("docker:") && !types.includes(type)) report(`no policy judges ${type}`);
  },
};
